{% load static %}/* Keeps the camera page of one door, so that it opens without a network. It holds no page with anybody's name. */

const SHELL = "{{ shell|escapejs }}";
const ASSETS = [
  "{% static "vendor/bootstrap/css/bootstrap.min.css" %}",
  "{% static "vendor/font/wght.css" %}",
  "{% static "vendor/font/files/atkinson-hyperlegible-next-latin-wght-normal.woff2" %}",
  "{% static "css/site.css" %}",
  "{% static "css/events-door.css" %}",
  "{% static "js/checkin.js" %}",
  "{% static "vendor/jsqr/jsQR.js" %}",
  "{% static "img/favicon.svg" %}",
];
const KEPT = `door ${SHELL} ${ASSETS.join(" ")}`; // another release has other names, and its own cache

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll([SHELL, ...ASSETS]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(`door ${SHELL} `) && name !== KEPT;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(SHELL, { cacheName: KEPT })));
  } else if (ASSETS.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request, { cacheName: KEPT }).then((kept) => kept ?? fetch(request)));
  }
});
