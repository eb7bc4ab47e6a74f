// Keeps the pages on which boxes are scanned and counted, and what they are made of, for a cellar without network. VERSION and
// FILES stand before this: they are the addresses of the pages' files, which change with what is in them.
"use strict";

/** The scan page, and the page of a stocktake. */
const PAGES = /^\/lager\/(skanna|inventering\/[0-9a-f-]{36})$/;
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
      // A page is kept until it is asked for again: offline an old one is better than none.
      const [before, now] = [await caches.open(name), await caches.open(CACHE)];
      for (const request of await before.keys()) {
        if (isPage(request.url) && !(await now.match(request))) await now.put(request, await before.match(request));
      }
      await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && PAGES.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

// A page asks to be kept once it is open: what is kept is then what its reader sees.
self.addEventListener("message", (event) => {
  if (PAGES.test(event.data)) event.waitUntil(keep(event.data));
});

const isPage = (address) => PAGES.test(new URL(address).pathname);

async function keep(path) {
  await keepFiles();
  const answer = await fetch(path, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await put(path, answer);
}

/** Keeps a page; of stocktakes only the last. */
async function put(path, answer) {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const other = new URL(request.url).pathname;
    if (isPage(request.url) && other !== path && other.split("/").length === path.split("/").length) await cache.delete(request);
  }
  await cache.put(path, answer);
}

async function page(request) {
  const path = new URL(request.url).pathname;
  const kept = await (await caches.open(CACHE)).match(path);
  if (!kept) return fetch(request);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) await put(path, answer.clone());
    return answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  }
}

async function file(request) {
  const kept = await (await caches.open(CACHE)).match(request);
  return kept ?? fetch(request);
}
