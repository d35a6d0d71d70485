// The service worker where the app is switched off: it drops what an earlier one kept, and takes itself away.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("tracker-")).map((name) => caches.delete(name)));
    await self.registration.unregister();
  })());
});
