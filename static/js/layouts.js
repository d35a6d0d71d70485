/* Columns of a layout: buttons that move them. Without it the numbers are written by hand. */
(function () {
  "use strict";
  var list = document.querySelector("#columns ol");
  if (!list) return;

  function rows() { return Array.from(list.children); }
  function place(row) { return row.querySelector("input"); }
  function isChosen(row) { return Number(place(row).value) > 0; }

  function number() {
    var next = 1;
    rows().forEach(function (row) { if (isChosen(row)) place(row).value = next++; });
  }

  function sort() {
    rows().sort(function (a, b) {
      return (Number(place(a).value) || 1000) - (Number(place(b).value) || 1000);
    }).forEach(function (row) { list.appendChild(row); });
    number();
  }

  function move(row, by) {
    var all = rows();
    var other = all[all.indexOf(row) + by];
    if (!other) return;
    if (!isChosen(row)) place(row).value = 999;
    if (by < 0) list.insertBefore(row, other); else list.insertBefore(other, row);
    if (!isChosen(other) && by > 0) place(row).value = "";
    number();
  }

  function button(row, by) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "b s";
    made.textContent = by < 0 ? "↑" : "↓";
    made.setAttribute("aria-label", (by < 0 ? list.dataset.up : list.dataset.down) + " " + row.querySelector("label").textContent);
    made.addEventListener("click", function () { move(row, by); made.focus(); });
    return made;
  }

  rows().forEach(function (row) {
    var moves = document.createElement("span");
    moves.className = "moves";
    moves.append(button(row, -1), button(row, 1));
    row.appendChild(moves);
    place(row).addEventListener("change", sort);
  });
  sort();
})();
