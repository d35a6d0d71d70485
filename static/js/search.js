/* The box in the head as a combobox (ARIA APG, list autocomplete): suggestions, up, down, Enter, Escape; and "/" leads
   to it from anywhere. Without it Enter leads to the page. */
(function () {
  "use strict";
  var form = document.getElementById("find");
  if (!form) return;
  var box = document.getElementById("find-text");
  var list = document.getElementById("find-list");
  var said = document.getElementById("find-said");
  var at = -1, timer = 0, asked = "", under = null;

  function options() { return Array.from(list.querySelectorAll("[role=option]")); }

  function close() {
    if (under) under.abort();
    clearTimeout(timer);
    list.hidden = true;
    at = -1;
    asked = "";
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(to) {
    var all = options();
    if (!all.length) return;
    if (all[at]) all[at].setAttribute("aria-selected", "false");
    at = to < -1 ? all.length - 1 : to >= all.length ? -1 : to;
    if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
    all[at].setAttribute("aria-selected", "true");
    all[at].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[at].id);
  }

  function show(words) {
    list.innerHTML = words; /* our own page part, escaped by the server */
    at = -1;
    box.removeAttribute("aria-activedescendant");
    var count = options().length;
    list.hidden = !count;
    box.setAttribute("aria-expanded", String(count > 0));
    said.textContent = count ? form.dataset.some.replace("{n}", count) : form.dataset.none;
  }

  function ask() {
    var text = box.value.trim();
    if (!text) { said.textContent = ""; close(); return; }
    if (text === asked && !list.hidden) return;
    asked = text;
    if (under) under.abort();
    under = new AbortController();
    fetch(form.dataset.suggestions + "?q=" + encodeURIComponent(text), { signal: under.signal, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no suggestions");
        return answer.text();
      })
      .then(function (words) { if (document.activeElement === box) show(words); })
      .catch(function (error) { if (error.name !== "AbortError") close(); }); /* Enter still leads to the page */
  }

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", "find-list");

  box.addEventListener("input", function (event) {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 180);
  });
  box.addEventListener("compositionend", function () { clearTimeout(timer); timer = setTimeout(ask, 180); });
  box.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "ArrowDown" && list.hidden && box.value.trim()) { asked = ""; ask(); }
    else if (event.key === "ArrowDown" && !list.hidden) choose(at + 1);
    else if (event.key === "ArrowUp" && !list.hidden) choose(at - 1);
    else if (event.key === "Enter" && at >= 0 && !list.hidden) options()[at].click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); }); /* the focus stays in the box */
  box.addEventListener("blur", close);

  if (document.body.hasAttribute("data-no-keys")) return;
  form.querySelector(".find-key").hidden = false;
  box.setAttribute("aria-keyshortcuts", "/");
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    var to = event.target;
    if (to.isContentEditable || /^(TEXTAREA|SELECT)$/.test(to.tagName) || (to.tagName === "INPUT" && !/^(checkbox|radio|submit|button)$/.test(to.type))) return;
    if (document.querySelector("dialog[open]")) return;
    var here = box.offsetParent ? box : document.getElementById("find-here");
    event.preventDefault();
    if (here) { here.focus(); here.select(); } else location.href = form.getAttribute("action");
  });
})();
