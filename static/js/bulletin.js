// A bulletin: the figure under the pointer, and the line that says where it comes from, light each other up.
"use strict";

(() => {
  const box = document.querySelector("[data-bulletin]");
  if (!box) return;
  let lit = null;

  function light(ref) {
    if (ref === lit) return;
    lit = ref;
    box.querySelectorAll("[data-ref]").forEach((one) => one.classList.toggle("on", one.dataset.ref === ref));
  }

  // The list has a window of its own where there is room beside the paper: only that is moved.
  function reveal(ref) {
    const list = box.querySelector(".figs");
    const line = [...box.querySelectorAll(".figs li")].find((one) => one.dataset.ref === ref);
    if (!line || list.scrollHeight <= list.clientHeight) return;
    const frame = list.getBoundingClientRect();
    const at = line.getBoundingClientRect();
    if (at.top < frame.top) list.scrollTop -= frame.top - at.top;
    else if (at.bottom > frame.bottom) list.scrollTop += at.bottom - frame.bottom;
  }

  const refOf = (target) => { const one = target.closest("[data-ref]"); return one ? one.dataset.ref : null; };
  box.addEventListener("pointerover", (event) => {
    light(refOf(event.target));
    if (event.target.closest(".lk")) reveal(lit);
  });
  box.addEventListener("pointerleave", () => light(null));
  box.addEventListener("focusin", (event) => {
    light(refOf(event.target));
    if (event.target.closest(".lk")) reveal(lit);
  });
  // Escape puts the box over a figure away, until the pointer or the focus goes elsewhere.
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") box.classList.add("no-tips"); });
  for (const name of ["pointerover", "focusin"]) box.addEventListener(name, () => box.classList.remove("no-tips"));
})();
