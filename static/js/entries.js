/* Ticking people: a search that hides names, a button for a whole group, the count. And printing a sheet.
   Without this script everything can be ticked and printed all the same. */
"use strict";

(() => {
  const show = (element) => { if (element) element.hidden = false; };

  for (const box of document.querySelectorAll("[data-ticks]")) {
    const labels = [...box.querySelectorAll("[data-find-in]")];
    const find = box.querySelector("[data-find]");
    const count = box.querySelector("[data-count]");

    const tell = () => {
      const ticked = labels.filter((label) => label.querySelector("input").checked).length;
      if (count) count.textContent = count.dataset.words.replace("#", ticked);
      for (const group of box.querySelectorAll("[data-group]")) {
        const inputs = visible(group);
        const button = group.querySelector("[data-all]");
        if (button) button.setAttribute("aria-pressed", String(inputs.length > 0 && inputs.every((one) => one.checked)));
      }
    };
    const visible = (group) =>
      [...group.querySelectorAll("[data-find-in]")].filter((label) => !label.hidden).map((label) => label.querySelector("input"));

    show(find);
    if (find) {
      const input = find.querySelector("input");
      input.addEventListener("input", () => {
        const wanted = input.value.trim().toLowerCase();
        for (const label of labels) label.hidden = !label.dataset.findIn.toLowerCase().includes(wanted);
        for (const group of box.querySelectorAll("[data-group]")) group.hidden = visible(group).length === 0;
        tell();
      });
      input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    }
    for (const button of box.querySelectorAll("[data-all]")) {
      show(button);
      button.addEventListener("click", () => {
        const inputs = visible(button.closest("[data-group]"));
        const all = inputs.every((one) => one.checked);
        for (const one of inputs) one.checked = !all;
        tell();
      });
    }
    box.addEventListener("change", tell);
    tell();
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    show(button);
    button.addEventListener("click", () => window.print());
  }
})();
