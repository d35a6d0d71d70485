/* The queue by keyboard, with a live count and the reason in a dialog. Without it the form works as it is. */
(function () {
  "use strict";
  var form = document.getElementById("decide");
  var undo = document.getElementById("undo");
  var help = document.getElementById("keys-help");
  var KEPT = "queue-at";
  var hasKeys = !document.body.hasAttribute("data-no-keys"); /* single keys can be switched off (WCAG 2.1.4) */

  function typing(target) {
    return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)
      || (target.tagName === "INPUT" && !/^(checkbox|radio|submit|button)$/.test(target.type));
  }

  /* A letter that was meant as a key: alone, not within a word that is being composed, not held down, no dialog open. */
  function keyOf(event) {
    if (!hasKeys || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return "";
    if (event.defaultPrevented || document.querySelector("dialog[open]") || typing(event.target)) return "";
    if (event.key === "?" || event.key === "？") return "?";
    return event.shiftKey || (event.repeat && !/^[jk]$/i.test(event.key)) ? "" : event.key.toLowerCase();
  }

  /* What holds with and without rows: undo, and the list of keys. */
  function always(key) {
    if ((key === "u" || key === "z") && undo) undo.requestSubmit();
    else if (key === "?" && help && help.showModal) help.showModal();
    else return false;
    return true;
  }

  if (help && help.showModal) {
    var told = document.getElementById("keys-open");
    if (told) { told.hidden = false; told.addEventListener("click", function () { help.showModal(); }); }
    help.querySelector("[data-close]").addEventListener("click", function () { help.close(); });
  }

  if (!form || !document.getElementById("verify")) {
    document.addEventListener("keydown", function (event) { if (always(keyOf(event))) event.preventDefault(); });
    return;
  }

  var patterns = JSON.parse(form.dataset.patterns);
  var boxes = Array.from(form.querySelectorAll("input[name=seen]"));
  var said = document.querySelector("#chosen b");
  var hint = said.textContent;
  var pickAll = document.getElementById("pick-all");
  var everything = pickAll.querySelector("input");
  var chooseAll = document.getElementById("choose-all");
  var verify = document.getElementById("verify");
  var open = document.getElementById("return-open");
  var send = document.getElementById("return");
  var plain = { verify: verify.textContent.trim(), back: open.textContent.trim() };
  var at = -1;

  function fill(pattern, values) {
    return pattern.replace(/%\((\w+)\)[sd]/g, function (_, name) { return values[name]; });
  }

  function duration(total) {
    var hours = Math.floor(total / 60), rest = total % 60;
    if (!hours) return fill(patterns.minutes, { minutes: rest });
    return fill(rest ? patterns.both : patterns.hours, { hours: hours, minutes: rest });
  }

  function chosen() { return boxes.filter(function (box) { return box.checked; }); }

  function label(button, words) { button.querySelector("span").textContent = words; }

  function show() {
    var some = chosen(), count = some.length;
    var total = some.reduce(function (sum, box) { return sum + Number(box.dataset.minutes); }, 0);
    boxes.forEach(function (box) { box.closest("tr").classList.toggle("chosen", box.checked); });
    said.textContent = !count ? hint : fill(total ? patterns.together : patterns.chosen, { count: count, time: duration(total) });
    label(verify, count ? fill(patterns.verify, { count: count }) : plain.verify);
    [open, send].forEach(function (button) { label(button, count ? fill(patterns.return, { count: count }) : plain.back); });
    verify.disabled = open.disabled = send.disabled = !count;
    everything.checked = count > 0 && count === boxes.length;
    everything.indeterminate = count > 0 && count < boxes.length;
  }

  function pick(value) {
    boxes.forEach(function (box) { box.checked = value; });
    show();
  }

  function go(to) {
    if (!boxes.length) return;
    at = Math.max(0, Math.min(boxes.length - 1, to));
    boxes[at].focus();
    boxes[at].closest("tr").scrollIntoView({ block: "nearest" });
  }

  /* With nothing ticked a key acts on the row that has the focus. */
  function takeCurrent() {
    if (!chosen().length && at >= 0) { boxes[at].checked = true; show(); }
    return chosen().length > 0;
  }

  function keepPlace() {
    try { sessionStorage.setItem(KEPT, String(Math.max(0, boxes.findIndex(function (box) { return box.checked; })))); } catch (_) { /* a browser that keeps nothing */ }
  }

  function keptPlace() {
    try {
      var kept = sessionStorage.getItem(KEPT);
      sessionStorage.removeItem(KEPT);
      return kept === null ? -1 : Number(kept);
    } catch (_) { return -1; }
  }

  /* The reason moves from its fold into a dialog; the fields stay in the form. */
  var fold = document.getElementById("return-box");
  var fields = document.getElementById("return-fields");
  var dialog = document.createElement("dialog");
  var cancel = document.getElementById("return-cancel");
  var before = null;

  function ask() {
    if (!takeCurrent()) return;
    before = document.activeElement;
    dialog.showModal();
    (fields.querySelector("input[type=radio]:checked") || fields.querySelector("input[type=radio], textarea")).focus();
  }

  if (dialog.showModal) {
    var wasOpen = fold.open;
    dialog.className = "ask";
    dialog.setAttribute("aria-labelledby", "return-heading");
    fields.querySelector("h2").id = "return-heading";
    dialog.appendChild(fields);
    form.appendChild(dialog);
    fold.hidden = true;
    open.hidden = cancel.hidden = false;
    open.addEventListener("click", ask);
    cancel.addEventListener("click", function () { dialog.close(); });
    dialog.addEventListener("close", function () {
      fields.querySelectorAll("input[type=radio]").forEach(function (radio) { radio.checked = false; });
      fields.querySelector("textarea").value = ""; /* a reason that was not sent shall not go along with a verification */
      if (before) before.focus();
    });
    /* Enter in a field would press the form's first button, which verifies. */
    dialog.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      form.requestSubmit(send);
    });
    if (wasOpen) ask();
  }

  pickAll.hidden = false;
  document.getElementById("keys").hidden = !hasKeys;
  everything.addEventListener("change", function () { pick(everything.checked); });
  if (chooseAll && chooseAll.dataset.allHere) {
    chooseAll.addEventListener("click", function (event) { event.preventDefault(); pick(true); verify.focus(); });
  }
  boxes.forEach(function (box, n) {
    box.addEventListener("change", show);
    box.addEventListener("focus", function () { at = n; });
  });
  form.addEventListener("submit", keepPlace);

  document.addEventListener("keydown", function (event) {
    var key = keyOf(event);
    if (key === "j" || key === "k") go(at < 0 ? 0 : at + (key === "j" ? 1 : -1));
    else if (key === "x" && at >= 0) { boxes[at].checked = !boxes[at].checked; show(); }
    else if (key === "v") { if (takeCurrent()) form.requestSubmit(verify); }
    else if (key === "r" && dialog.showModal) ask();
    else if (!always(key)) return;
    event.preventDefault();
  });

  window.addEventListener("pageshow", show); /* a browser that goes back ticks what was ticked */
  var place = keptPlace();
  if (place >= 0 && !dialog.open) go(place);
  show();
})();
