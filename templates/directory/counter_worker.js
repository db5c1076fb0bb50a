{% load static %}/* Opens a counter without a network. Each counter has a worker of its own: its scope is the counter's page. */

const PAGE = self.registration.scope;
const NAME = `counter ${PAGE}`;
const PATIENCE = 4000; // milliseconds: a weak network is given up on, for the page is here already
const ASSETS = [
  "{% static "vendor/bootstrap/css/bootstrap.min.css" %}",
  "{% static "vendor/font/wght.css" %}",
  "{% static "vendor/font/files/atkinson-hyperlegible-next-latin-wght-normal.woff2" %}",
  "{% static "css/site.css" %}",
  "{% static "css/directory-counter.css" %}",
  "{% static "js/counter.js" %}",
  "{% static "img/favicon.svg" %}",
].map((path) => new URL(path, self.location).href);

/* A new version of any of them is a new address, hence a new worker: it keeps the new ones, then drops the old. */

async function keep() {
  const cache = await caches.open(NAME);
  await cache.addAll([PAGE, ...ASSETS]);
  await self.skipWaiting();
}

async function drop() {
  const cache = await caches.open(NAME);
  const old = (await cache.keys()).filter(({ url }) => url !== PAGE && !ASSETS.includes(url));
  await Promise.all(old.map((request) => cache.delete(request)));
  await self.clients.claim();
}

/** The page as the server has it, and as it was last time when there is no answer. A refusal is an answer. */
async function page(request) {
  const cache = await caches.open(NAME);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.ok) await cache.put(PAGE, response.clone());
    if (response.status < 500) return response;
  } catch {
    // Offline, or as good as.
  }
  return (await cache.match(PAGE)) ?? Response.error();
}

/** What is kept, at once; the address changes whenever the content does. */
async function asset(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(drop()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (ASSETS.includes(request.url)) event.respondWith(asset(request));
});
