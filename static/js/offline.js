// The page without a network: it tries again by itself once there is one.
"use strict";

window.addEventListener("online", () => location.reload());
document.querySelector("[data-again]").addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
