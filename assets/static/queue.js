// Scans are kept on the phone first and sent then, in the order in which they were made: so none is lost without network,
// and none is done twice. On every page what waits is told and tried again. Other scripts add scans and follow them here.
"use strict";

/** How long an answer is waited for, in milliseconds, before a scan counts as kept on the phone. */
const PATIENCE = 8000;
/** How often what waits is tried again while a page is open, in milliseconds. */
const AGAIN = 15_000;
/** How long a series of scans goes on after the last one, in milliseconds. */
const SERIES = 60 * 60_000;
/** The start of the names of what the service worker keeps. */
const CACHES = "digilador-";
/** Where the names of the organisation's kits are kept. */
export const KNOWN = "known-kits";
/** Where the series that goes on is kept, and that it has ended while the server could not be told. */
const [GOING, ENDED] = ["scan-series", "scan-series-ended"];
/** How often the server is told that a series goes on as before, in milliseconds. */
const TELL_AGAIN = 60_000;

/** Who is signed in on this page, if anybody is. */
export const person = document.body.dataset.person;
const banner = document.querySelector("[data-waiting]");
const channel = new BroadcastChannel("digilador-scans");
const listeners = new Set();
let signedOut = false;

/** Calls `listener` whenever scans have changed, on this page or another. */
export function follow(listener) {
  listeners.add(listener);
}

channel.addEventListener("message", () => changed(false));

function changed(tell = true) {
  if (tell) channel.postMessage("changed");
  for (const listener of listeners) listener();
  showBanner();
}

let opened;
function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("digilador", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("scans", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function store(mode, work) {
  const transaction = (await database()).transaction("scans", mode);
  const request = work(transaction.objectStore("scans"));
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(request?.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

/** All scans on this phone, oldest first: a scan's id begins with when it was made. */
export const all = () => store("readonly", (scans) => scans.getAll());
const get = (id) => store("readonly", (scans) => scans.get(id));
const put = (scan) => store("readwrite", (scans) => scans.put(scan));
/** Forgets a scan. */
export async function forget(id) {
  await store("readwrite", (scans) => scans.delete(id));
  changed();
}

/** Changes some of a scan's fields; gives the scan as it is then. */
export async function update(id, fields) {
  let scan;
  await store("readwrite", (scans) => {
    const request = scans.get(id);
    request.onsuccess = () => {
      if (request.result) scans.put((scan = { ...request.result, ...fields }));
    };
  });
  changed();
  return scan;
}

/** True for a scan that the server has not answered yet. */
export const waits = (scan) => scan.state === "waiting";

/** A new id whose order is that of time (UUID version 7). Made here, since browsers give ids only over TLS. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place -= 1, time = Math.floor(time / 256)) bytes[place] = time % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * Keeps a scan on the phone, then sends it after those that wait before it. A phone that keeps nothing only sends it.
 *
 * @returns the scan with its `state`: `done` with its `answer`, `refused` or `kept` with its `problem`, or `waiting`
 */
export async function scan(code, action, more = {}) {
  const made = { id: newId(), person, code, action, at: new Date().toISOString(), state: "waiting", ...more };
  try {
    await put(made);
  } catch {
    const came = await outcome(await post(pathOf(made), wish(made, false)));
    if (!came?.state) throw new Error("the phone keeps nothing, and no answer came");
    return { ...made, ...came };
  }
  changed();
  const sent = flush();
  await Promise.race([sent, new Promise((late) => { setTimeout(late, PATIENCE); })]);
  const now = await get(made.id);
  // From here on nobody waits for the answer: what cannot be done then is kept by the server to be sorted out.
  return now && waits(now) ? update(made.id, { told: true }) : (now ?? made);
}

/**
 * Sends what waits, oldest first, from one page at a time; stops at the first that cannot be sent now, and passes over what
 * the server did not take, unless it is to be tried `anew`.
 */
export async function flush(anew = false) {
  if (!person) return;
  await alone(async () => {
    for (const scan of await all()) {
      if (scan.person !== person) continue;
      const toSend = waits(scan) && (anew || !scan.blocked);
      if (toSend && !(await send(scan.id))) break;
      if (scan.back && scan.state === "done" && !(await undo(scan.id))) break;
    }
  });
  changed();
}

let queued = Promise.resolve();
function alone(work) {
  // Where the browser has no locks, the pages' own order must do: the server does each scan once in any case.
  if (navigator.locks) return navigator.locks.request("digilador-scans", work);
  queued = queued.then(work, work);
  return queued;
}

/** Sends one scan; false when it must wait. */
async function send(id) {
  if (navigator.onLine === false) return false;
  const scan = await update(id, { tried: true });
  // It may have been taken away meanwhile.
  if (!scan) return true;
  const told = wasLeft(scan);
  const came = await outcome(await post(pathOf(scan), wish(scan, told)));
  if (!came) return false;
  const now = await get(id);
  if (came.state === "refused" && !told && now?.told) return send(id);
  // What is taken back and was never done is gone.
  if (now?.back && came.state === "refused") await forget(id);
  else await update(id, came);
  return !(now?.back && came.state === "done") || undo(id);
}

/** Where a scan is sent: one that counts a shelf to its stocktake. */
const pathOf = ({ stocktake }) => (stocktake ? `/api/v1/stocktakes/${stocktake}/scans` : "/api/v1/scans");

/** A scan as the server is told of it; with when it was made, if nobody waits for the answer any more. */
function wish({ id, code, action, loan_id, unit_id, stocktake, shelf, at }, told) {
  const asked = { action, ...(loan_id && { loan_id }), ...(unit_id && { unit_id }) };
  const about = stocktake ? { ...(shelf !== undefined && { shelf }) } : asked;
  return { id, code, ...about, ...(told && { scanned_at: at }) };
}

/** What an answer makes of a scan; nothing when it must wait. */
async function outcome(answer) {
  if (answer) signedOut = answer.status === 401;
  // What is wrong with the server says nothing about the scan.
  if (!answer || signedOut || answer.status >= 500 || answer.status === 429) return undefined;
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return { state: "done", answer: said, sent: Date.now(), blocked: undefined };
  if ([404, 409, 422].includes(answer.status)) return { state: said.kept ? "kept" : "refused", problem: said, sent: Date.now() };
  // The server takes no scan from this person, or not this one: the others go on.
  return { blocked: said.detail || String(answer.status) };
}

/**
 * Takes a scan back. One that was tried to be sent may have been done: it is undone once the server has answered.
 *
 * @returns `state`: `undone`, `undoing`, or none when no answer came; or the `problem`
 */
export async function takeBack(id) {
  const scan = await get(id);
  if (!waits(scan)) return (await undo(id)) ?? {};
  if (scan.tried && !scan.blocked) {
    await update(id, { back: true });
    flush().catch(() => {});
    return { state: "undoing" };
  }
  await forget(id);
  return { state: "undone" };
}

/** Undoes a scan that was done; nothing when no answer came. */
async function undo(id) {
  const answer = await post(`${pathOf((await get(id)) ?? {})}/${id}/undo`, {});
  if (!answer || answer.status >= 500 || answer.status === 401) return undefined;
  if (answer.ok) await update(id, { state: "undone", back: undefined });
  else await update(id, { back: undefined });
  return answer.ok ? { state: "undone" } : { problem: await answer.json().catch(() => ({})) };
}

/** True when the server knows nobody here any more. */
export const isSignedOut = () => signedOut;

/** Makes the scans of others that wait on this phone this person's own: who made them does not come back here. */
export async function adopt() {
  for (const scan of await all()) {
    if (waits(scan) && scan.person !== person) await update(scan.id, { person, told: true });
  }
  await flush();
}

/** Posts JSON; nothing when no answer comes. */
export async function post(path, body, method = "POST") {
  try {
    return await fetch(path, {
      method,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return undefined;
  }
}

/** The series of scans that goes on, or nothing: what the next scan of a label is for. */
export function series() {
  try {
    const { at, ...going } = JSON.parse(localStorage.getItem(GOING));
    return Date.now() - at < SERIES ? going : undefined;
  } catch {
    return undefined;
  }
}

let toldServer = { at: 0, as: "" };

/**
 * Begins a series or goes on with it. The server knows it, too: so a label that the phone's own camera opens joins it in any
 * browser.
 *
 * @param {{ action: string, unit_id?: string, stocktake_id?: string, shelf?: string }} going
 */
export function goOn(going) {
  localStorage.setItem(GOING, JSON.stringify({ at: Date.now(), ...going }));
  const as = JSON.stringify(going);
  if (as === toldServer.as && Date.now() - toldServer.at < TELL_AGAIN) return;
  toldServer = { at: Date.now(), as };
  tellSeries(going).catch(() => {});
}

/** Tells the server that a series has ended, if it does not know yet, and which one goes on; true when it knows. */
async function tellSeries(going) {
  if (localStorage.getItem(ENDED)) {
    if (!(await post("/api/v1/scan-series", {}, "DELETE"))?.ok) return false;
    localStorage.removeItem(ENDED);
  }
  if (going && !(await post("/api/v1/scan-series", going, "PUT"))?.ok) {
    toldServer = { at: 0, as: "" };
    return false;
  }
  return true;
}

/** Takes into the list what this person has scanned in the series elsewhere: in another browser, or on another phone. */
export async function joinSeries() {
  if (!(await tellSeries())) return;
  const answer = await fetch("/api/v1/scan-series").catch(() => undefined);
  if (!answer?.ok) return;
  const { scans } = await answer.json();
  const here = new Set((await all()).map((one) => one.id));
  for (const { scan_id: id, sent_at: at, ...done } of scans) {
    if (here.has(id)) continue;
    await put({ id, person, code: done.kit.code, action: "auto", at, state: "done", answer: done, sent: Date.parse(at) });
  }
  changed();
}

async function forgetDone() {
  for (const scan of await all()) if (!waits(scan) && !isNews(scan)) await store("readwrite", (scans) => scans.delete(scan.id));
  changed();
}

/** Kits that were counted and told to be kept, and that the server did not take then: they stay until that is seen. */
const isNews = (scan) => scan.stocktake && scan.state === "refused" && wasLeft(scan);

/** Who made a scan has gone on: told so, or since this page was closed. */
const wasLeft = (scan) => scan.told || Date.now() - Date.parse(scan.at) > PATIENCE;

/** Ends the series: what the server has answered is forgotten here. */
export async function endSeries() {
  localStorage.removeItem(GOING);
  toldServer = { at: 0, as: "" };
  localStorage.setItem(ENDED, "yes");
  await forgetDone();
  tellSeries().catch(() => {});
}

async function showBanner() {
  if (!banner) return;
  const waiting = (await all()).filter(waits);
  const own = waiting.filter((scan) => scan.person === person);
  // A scan that is just being sent is no news.
  const late = own.filter((scan) => scan.told);
  const text = person && own.length > 0 ? late.length > 0 && sentence(late.length) : waiting.length > 0 && banner.dataset.others;
  banner.hidden = !text;
  banner.querySelector("p").textContent = [text || "", text && signedOut ? banner.dataset.signedOut : ""].join(" ").trim();
  banner.querySelector("[data-send]").hidden = !person || own.length === 0 || signedOut;
  banner.querySelector("[data-sign-in]").hidden = Boolean(person) && !signedOut;
  showNews();
}

const news = document.querySelector("[data-not-counted]");
/** Tells which counted kits were not taken, and why. */
async function showNews() {
  const refused = (await all()).filter((scan) => scan.person === person && isNews(scan));
  news.hidden = refused.length === 0;
  news.querySelector("ul").replaceChildren(...refused.map(({ code, shelf, problem }) => {
    const about = [`${code.slice(0, 3)}-${code.slice(3)}`, shelf, problem.errors?.[0]?.detail ?? problem.detail];
    return Object.assign(document.createElement("li"), { textContent: about.filter(Boolean).join(" · ") });
  }));
}
news?.querySelector("button").addEventListener("click", async () => {
  for (const scan of await all()) if (scan.person === person && isNews(scan)) await forget(scan.id);
});

const sentence = (count) => (count === 1 ? banner.dataset.one : banner.dataset.many).replace("#", count);

/** Tries again what waits; what fails then is tried once more later. */
const again = (anew) => flush(anew).catch(() => {});
banner?.querySelector("[data-send]").addEventListener("click", () => again(true));
addEventListener("online", () => again());
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") again(); });
setInterval(() => { if (document.visibilityState === "visible") again(); }, AGAIN);

// Who signs out leaves nothing of theirs here, but for what has not been sent: and of that they are warned.
const signOut = document.querySelector('form[action="/logga-ut"]');
signOut?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await again();
  const count = (await all()).filter((scan) => waits(scan) && scan.person === person).length;
  if (count > 0 && !confirm(`${sentence(count)} ${banner.dataset.leave}`)) {
    delete signOut.dataset.sent;
    return;
  }
  // What is kept here goes when the server has signed the person out, and not before.
  const left = await fetch(signOut.action, { method: "POST", signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
  if (!left?.ok) {
    delete signOut.dataset.sent;
    alert(banner.dataset.noSignOut);
    return;
  }
  await leaveNothing();
  location.assign(left.url);
});

async function leaveNothing() {
  for (const name of [KNOWN, GOING, ENDED]) localStorage.removeItem(name);
  await forgetDone();
  // The browser has no caches where it trusts the address too little.
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith(CACHES)) await caches.delete(name);
}

/** Somebody else has signed in on this phone: what it kept for the one before is not theirs to see. */
async function begin() {
  // A session that ran out leaves no names to whoever comes by.
  if (!person) localStorage.removeItem(KNOWN);
  const before = localStorage.getItem("scan-person");
  if (person && before !== person) {
    if (before) await leaveNothing();
    localStorage.setItem("scan-person", person);
  }
  await flush();
  changed(false);
}
begin().catch(() => {});
