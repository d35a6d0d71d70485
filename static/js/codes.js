// A page with codes that are shown once: print them, copy them. Without this script the page is printed and marked by hand.
"use strict";

(() => {
  const print = document.querySelector("[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  const copy = document.querySelector("[data-copy]");
  if (!navigator.clipboard) return; // a browser gives it to pages over HTTPS only
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const lines = [...document.querySelectorAll(`${copy.dataset.copy} li`)].map((line) => line.textContent.trim());
    await navigator.clipboard.writeText(lines.join("\n"));
    copy.textContent = copy.dataset.copied;
  });
})();
