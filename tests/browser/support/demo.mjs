// The demo's people, and every page that each of them can reach.

import { newPage } from "./browser.mjs";

/** Whose pages there are: the words on the demo's buttons, and nobody. */
export const visitors = ["nobody", "låntagare", "lager", "utvecklare", "administratör"];

/** The most pages followed for one visitor; more means that addresses are not told apart. */
const MOST = 200;
/** Not pages of the product: the API's reading page brings its own style. */
const APART = /^\/(api|static)\//;

/** A page signed in as one of the demo's people; `who` is a role as the demo names it, or nobody. */
export async function demoPage(browser, origin, who, options) {
  const page = await newPage(browser, origin, options);
  if (who !== "nobody") {
    await page.goto("/demo");
    await page.getByRole("button", { name: new RegExp(`– ${who}$`) }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/demo"));
  }
  return page;
}

/** The addresses of all pages that links lead to, one of each kind: two loans have the same page. */
export async function reachable(page) {
  const pages = [];
  const seen = new Set();
  const waiting = ["/", "/logga-in", "/om"];
  while (waiting.length > 0) {
    const address = waiting.shift();
    const marks = marksOf(address);
    if (marks.every((mark) => seen.has(mark))) continue;
    marks.forEach((mark) => seen.add(mark));
    if (pages.length > MOST) throw new Error(`too many pages: ${pages.join(" ")}`);
    const answer = await page.context().request.get(address);
    if (!answer.headers()["content-type"]?.startsWith("text/html")) {
      if (!answer.ok()) throw new Error(`${address} answered ${answer.status()}`);
      continue;
    }
    pages.push(address);
    await page.goto(address, { waitUntil: "domcontentloaded" });
    // A mail's own links are for whom it was sent to: they may lead to what others may not see.
    const links = await page.locator("a[href]:not([data-mail] a)").evaluateAll((all) => all.map((a) => new URL(a.getAttribute("href"), document.baseURI).href));
    for (const link of links) {
      const url = new URL(link);
      const here = url.origin === new URL(page.url()).origin && !APART.test(`${url.pathname}/`);
      if (here) waiting.push(url.pathname + url.search);
    }
  }
  return pages;
}

/**
 * What is new about an address: its path without what tells two of a kind apart, ids and kit codes; and each thing that may be
 * asked for there. A page that is asked for two things at once looks like those that are asked for one.
 */
function marksOf(address) {
  const url = new URL(address, "http://here");
  const path = url.pathname
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/\/[0-9A-Z]{3}-?[0-9A-Z]{4}(?=\/|$)/g, "/CODE")
    // A question of the form, or one of the municipality's own.
    .replace(/\/fraga\/(local)?\w+$/, "/fraga/$1");
  return [path, ...[...url.searchParams.keys()].map((name) => `${path} ${name}`)];
}
