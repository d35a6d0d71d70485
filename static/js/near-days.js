// The day of what is entered is mostly today or yesterday: one tap beside the field picks it.
"use strict";

(() => {
  const { today, labels } = document.currentScript.dataset;
  const field = document.querySelector("input[type=date][name=happened_on]");
  if (!field) return;
  const before = new Date(`${today}T12:00:00Z`);
  before.setUTCDate(before.getUTCDate() - 1);
  const days = [today, before.toISOString().slice(0, 10)].filter((day) => (!field.min || day >= field.min) && (!field.max || day <= field.max));
  const row = document.createElement("span");
  row.className = "near-days";
  const buttons = days.map((day, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "b s";
    button.textContent = labels.split("|")[n];
    button.addEventListener("click", () => {
      field.value = day;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  });
  const mark = () => buttons.forEach((button, n) => button.setAttribute("aria-pressed", String(field.value === days[n])));
  field.addEventListener("change", mark);
  row.append(...buttons);
  field.parentElement.after(row);
  mark();
})();
