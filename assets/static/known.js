// The names of the organisation's kits, kept on the phone: what a code means before the server can be asked, and how a kit
// without label is found. Whoever signs out takes them along (queue.js).
"use strict";

const { KNOWN, person } = await import(document.body.dataset.queue);
/** How old the names may be before they are asked for again, in milliseconds. */
const FRESH = 10 * 60_000;
/** How many kits are offered to choose from. */
const MOST_FOUND = 20;

let kept = read();

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(KNOWN));
    return found?.person === person ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Asks for the names, unless that was just done. Without an answer those that are kept must do. */
export async function refresh() {
  if (!person || (kept && Date.now() - kept.at < FRESH)) return;
  const answer = await fetch("/api/v1/known-kits").catch(() => undefined);
  if (!answer?.ok) return;
  const { items } = await answer.json();
  kept = { person, at: Date.now(), kits: items };
  try {
    localStorage.setItem(KNOWN, JSON.stringify(kept));
  } catch {
    // The phone has no room for them; this page knows them as long as it is open.
  }
}

/** True when the names are known here: a code without one then belongs to no kit that is in use. */
export const isKept = () => Boolean(kept);

/** The kit with a code, if it is known. */
export const known = (code) => kept?.kits.find((kit) => kit.code === code);

/** The kits in whose name, shelf, code or unit each of the words is found. */
export function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ name, shelf, code, unit }) => {
    const all = `${name} ${shelf} ${code.slice(0, 3)}-${code.slice(3)} ${unit ?? ""}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return words.length > 0 ? (kept?.kits.filter(fits).slice(0, MOST_FOUND) ?? []) : [];
}
