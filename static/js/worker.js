// The service worker: pages come from the network; without one, a page says so. It keeps the files of that page and
// nothing else: no page of anybody's, no figure. Before this text stands KEPT: {version, page, files}.
"use strict";

const PREFIX = "tracker-";
const NAME = PREFIX + KEPT.version;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    // Without cookies: what is kept is made for nobody.
    await cache.addAll([KEPT.page, ...KEPT.files].map((url) => new Request(url, { credentials: "omit", cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(KEPT.page, { cacheName: NAME })));
  } else if (KEPT.files.includes(url.pathname + url.search)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { cacheName: NAME, ignoreVary: true })) || Response.error()));
  }
});
