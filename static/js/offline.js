// The page without a network: it opens the page that was asked for as soon as the tracker answers again.
"use strict";

(() => {
  const again = document.querySelector("[data-again]");
  const EVERY = 5_000; // milliseconds; a browser says that it is online before anything answers
  const tryAgain = () => {
    if (navigator.onLine) fetch(again.dataset.again, { cache: "no-store" }).then(() => location.reload(), () => { /* not yet */ });
  };
  again.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
  window.addEventListener("online", tryAgain);
  setInterval(tryAgain, EVERY);
})();
