/* A week of one member: what its days come to, while they are typed. Without it the page says what is there already;
   what counts is read by the server, which knows more ways to write a duration than this. */
"use strict";

(() => {
  const total = document.querySelector("[data-week-total]");
  if (!total) return;
  const { weekTotal, classHour, words, unread, units } = total.dataset;
  const fields = [...document.querySelectorAll(".week-minutes input")];
  const [hours, minutes] = units.split("|");

  /* Minutes of what was typed; none for an empty field, NaN for what cannot be read here. */
  const read = (typed) => {
    const text = typed.normalize("NFKC").replace(/\s/g, "");
    let found;
    if (!text) return 0;
    if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * (Number(classHour) || 60));
    if ((found = /^(\d+):([0-5]\d)$/.exec(text))) return Number(found[1]) * 60 + Number(found[2]);
    if (/^半个?(小时|钟头)$/.test(text)) return 30;
    if ((found = /^(\d+(?:\.\d+)?)个?(半)?(?:小时|钟头|h)(?:(\d+)(?:分钟?|m|min)?)?$/i.exec(text)))
      return Math.round(Number(found[1]) * 60 + (found[2] ? 30 : 0) + Number(found[3] || 0));
    if ((found = /^(\d+)(?:分钟?|m|min)$/i.exec(text))) return Number(found[1]);
    if (classHour && (found = /^(\d+(?:\.\d+)?)个?[学课]时$/.exec(text))) return Math.round(Number(found[1]) * Number(classHour));
    return NaN;
  };
  const shown = (sum) =>
    [[Math.floor(sum / 60), hours], [sum % 60, minutes]].filter(([count]) => count).map(([count, unit]) => unit.replace("0", count)).join(minutes.includes(" ") ? " " : "") || minutes;

  const tell = () => {
    const amounts = fields.map((field) => read(field.value));
    const sum = amounts.filter((one) => !Number.isNaN(one)).reduce((all, one) => all + one, Number(weekTotal));
    total.textContent = words.replace("#", shown(sum)) + (amounts.some(Number.isNaN) ? unread : "");
  };
  let later;
  for (const field of fields) field.addEventListener("input", () => { clearTimeout(later); later = setTimeout(tell, 300); });
  if (fields.some((field) => field.value)) tell(); // after a refusal the days are filled in
})();
