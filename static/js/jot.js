// The short form: what is picked and what is typed take each other's place, and the button says what it writes.
"use strict";

(() => {
  const form = document.querySelector("[data-jot]");
  if (!form) return;
  const button = form.querySelector("button[type=submit]");
  const plain = button.textContent;
  const labelOf = (radio) => radio.closest("label").textContent.trim();

  const refresh = () => {
    const typed = form.querySelector("#minutes").value.trim();
    const picked = form.querySelector("input[name=duration]:checked");
    const amount = /[\d０-９一二两三四五六七八九十半]/.test(typed) ? typed : typed ? "" : (picked ? labelOf(picked) : "");
    button.textContent = amount ? form.dataset.note.replace("{amount}", amount) : plain;
  };

  for (const field of form.querySelectorAll(".chip-other input")) {
    const radios = field.closest("fieldset").querySelectorAll("input[type=radio]");
    let before = null;
    field.addEventListener("input", () => {
      if (field.value) {
        before = [...radios].find((radio) => radio.checked) || before;
        radios.forEach((radio) => { radio.checked = false; });
      } else if (before) {
        before.checked = true;
      }
      refresh();
    });
    radios.forEach((radio) => radio.addEventListener("change", () => { field.value = ""; refresh(); }));
  }
  form.addEventListener("change", refresh); // it was filled in by another script
  refresh();
})();
