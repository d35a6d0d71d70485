/* Files dropped on the form, and what was chosen in words. Without it the field works as every browser's does. */
(function () {
  "use strict";
  var area = document.getElementById("drop");
  if (!area) return;
  var input = area.querySelector("input[type=file]"), list = document.getElementById("chosen-files");
  var words = JSON.parse(area.dataset.words), most = Number(area.dataset.most), bytes = Number(area.dataset.bytes);
  var depth = 0;

  function size(count) {
    return count >= 1048576 ? (count / 1048576).toFixed(1) + " MiB" : Math.max(1, Math.round(count / 1024)) + " KiB";
  }

  function say(text, isFault) {
    var item = document.createElement("li");
    item.textContent = text;
    if (isFault) item.className = "dropped";
    list.appendChild(item);
  }

  function show() {
    var files = Array.from(input.files);
    list.textContent = "";
    files.forEach(function (file) {
      var fault = !/\.xlsx$/i.test(file.name) ? words.format : file.size > bytes ? words.large : "";
      say(file.name + " · " + size(file.size) + (fault ? " · " + fault : ""), Boolean(fault));
    });
    if (files.length > most) say(words.many, true);
    list.hidden = !files.length;
  }

  input.addEventListener("change", show);
  ["dragenter", "dragover", "dragleave", "drop"].forEach(function (name) {
    area.addEventListener(name, function (event) {
      if (!event.dataTransfer || Array.from(event.dataTransfer.types).indexOf("Files") < 0) return;
      event.preventDefault();
      depth = name === "dragenter" ? depth + 1 : name === "dragleave" ? depth - 1 : name === "drop" ? 0 : depth;
      area.classList.toggle("is-over", depth > 0 || name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        area.classList.remove("is-over");
        input.files = event.dataTransfer.files;
        show();
      }
    });
  });
  show();
})();
