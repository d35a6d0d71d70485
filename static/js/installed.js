// Has the browser keep the page for times without a network (browsers do so over TLS, and on this machine itself).
"use strict";

if ("serviceWorker" in navigator) {
  const { worker } = document.currentScript.dataset;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register(worker).catch((error) => console.info(`No page for times without a network: ${error.message}`));
  });
}
