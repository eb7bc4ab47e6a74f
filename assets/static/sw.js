// Keeps the scan page and what it is made of, for a cellar without network. VERSION and FILES stand before this: they are
// the addresses of the page's files, which change with what is in them.
"use strict";

const PAGE = "/lager/skanna";
const CACHE = `digilador-${VERSION}`;
/** How long the network is waited for before the page that is kept is shown, in milliseconds. */
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(keepFiles().then(() => self.skipWaiting()));
});

/** Keeps the files that are not kept yet; who signs out takes all of them along. */
async function keepFiles() {
  const cache = await caches.open(CACHE);
  const kept = await Promise.all(FILES.map((file) => cache.match(file)));
  await cache.addAll(FILES.filter((_, place) => !kept[place]));
}

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("digilador-") && name !== CACHE);
    for (const name of old) {
      // The page is kept until it is asked for again: offline an old one is better than none.
      const page = await (await caches.open(name)).match(PAGE);
      if (page && !(await (await caches.open(CACHE)).match(PAGE))) await (await caches.open(CACHE)).put(PAGE, page);
      await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

// The scan page asks to be kept once it is open: what is kept is then what its reader sees.
self.addEventListener("message", (event) => {
  if (event.data === "keep the page") event.waitUntil(keep());
});

async function keep() {
  await keepFiles();
  const answer = await fetch(PAGE, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(PAGE, answer);
}

async function page(request) {
  const kept = await (await caches.open(CACHE)).match(PAGE);
  if (!kept) return fetch(request);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(PAGE, answer.clone());
    return answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  }
}

async function file(request) {
  const kept = await (await caches.open(CACHE)).match(request);
  return kept ?? fetch(request);
}
