// Every page that anyone can reach in the demo: in three languages, on a phone and a desktop, in light and dark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LIMIT, launch, newPage, screens } from "./support/browser.mjs";
import { demoPage, reachable, visitors } from "./support/demo.mjs";
import { accessTroubles, allTroubles, widthTroubles, wordTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

/** The narrowest phone, and a desktop. */
const sizes = { phone: { width: 320, height: 640 }, desktop: { width: 1280, height: 900 } };
const schemes = ["light", "dark"];
/** Somebody who may do everything has more than a hundred pages. */
const WALK = { timeout: 900_000 };
/** What may change with the colours and the width; the rest of axe's rules look at the document alone. */
const RULES_OF_LOOK = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"];

/** Shapes of pages in which axe has looked already: the same page of another person, or in another language. */
const examined = new Set();

let browser, server, label;
before(async () => {
  browser = await launch();
  server = await startServer({ demo: true });
  label = await someLabel();
});
after(async () => {
  await browser.close();
  await server.stop();
});

for (const who of visitors) {
  test(`every page of ${who}`, WALK, async (t) => {
    const page = await demoPage(browser, server.origin, who);
    const addresses = [...(await reachable(page)), label];
    t.diagnostic(`${addresses.length} pages: ${addresses.join(" ")}`);
    for (const lang of ["sv", "en", "da"]) {
      await page.context().addCookies([{ name: "language", value: lang, url: server.origin }]);
      for (const address of addresses) page.troubles.push(...(await troublesOf(page, address, lang)));
    }
    assert.deepEqual([...new Set(page.troubles)], []);
    await page.context().close();
  });
}

/** What the label of a kit that is out leads to; no page links there. */
async function someLabel() {
  const borrower = await demoPage(browser, server.origin, "låntagare");
  const code = await borrower.locator("main .code").first().textContent();
  await borrower.context().close();
  return `/k/${code.trim()}`;
}

async function troublesOf(page, address, lang) {
  const troubles = [];
  const answer = await page.goto(address);
  if (!answer.ok()) troubles.push(`answers ${answer.status()}`);
  if ((await page.locator("html").getAttribute("lang")) !== lang) troubles.push("is in another language");
  if ((await page.locator("h1").count()) !== 1) troubles.push(`has ${await page.locator("h1").count()} main headings`);
  troubles.push(...(await wordTroubles(page)));
  const shape = await shapeOf(page);
  const known = examined.has(shape);
  examined.add(shape);
  for (const [name, size] of Object.entries(sizes)) {
    await page.setViewportSize(size);
    troubles.push(...(await widthTroubles(page)));
    for (const colorScheme of known ? [] : schemes) {
      await page.emulateMedia({ colorScheme });
      const whole = name === "phone" && colorScheme === "light";
      troubles.push(...(await accessTroubles(page, whole ? undefined : RULES_OF_LOOK)).map((text) => `${text} (${name}, ${colorScheme})`));
    }
  }
  return troubles.map((text) => `${lang} ${address} ${text}`);
}

/** What a page is made of, without its words. */
function shapeOf(page) {
  return page.locator("main").evaluate((main) =>
    [...main.querySelectorAll("*")].map(({ tagName, className, dataset }) => [tagName, className, dataset.color, dataset.variant].join()).join(" "),
  );
}

test("pages that say no: signed out, forbidden, not there, no such code", LIMIT, async () => {
  const borrower = await demoPage(browser, server.origin, "låntagare", screens.phone);
  for (const [address, status] of [["/finns-inte", 404], ["/admin/personer", 403], ["/k/AAAAAAA", 404], ["/lager", 403]]) {
    assert.equal((await borrower.goto(address)).status(), status, address);
    assert.equal(await borrower.getByRole("link", { name: "Till startsidan" }).count(), 1, address);
    assert.equal(await borrower.locator('header a[href="/logga-in"]').count(), 0, `${address} knows who is signed in`);
    assert.equal(await borrower.locator('header nav a[href="/vara-lan"]').count(), 1, `${address} keeps the menu`);
    borrower.troubles.push(...(await allTroubles(borrower)));
  }
  assert.deepEqual(borrower.troubles, []);

  const nobody = await newPage(browser, server.origin, screens.phone);
  await nobody.goto("/vara-lan");
  assert.equal(new URL(nobody.url()).pathname, "/logga-in", "whoever is signed out is asked to sign in");
  await nobody.getByLabel("Din e-postadress i arbetet").fill("inte en adress");
  await nobody.getByRole("button", { name: "Skicka koden" }).click();
  const summary = nobody.getByRole("alert");
  await summary.waitFor();
  assert.equal(await summary.evaluate((element) => element === document.activeElement), true, "the error summary has the focus");
  nobody.troubles.push(...(await allTroubles(nobody)));
  assert.deepEqual(nobody.troubles, []);
});

test("what is typed survives a mistake", LIMIT, async () => {
  const admin = await demoPage(browser, server.origin, "administratör", screens.phone);
  await admin.goto("/admin/personer/ny");
  await admin.getByLabel("Namn").fill("Nils Ek");
  await admin.getByLabel("E-post").fill("nils");
  await admin.getByRole("button", { name: "Spara" }).click();
  await admin.getByRole("alert").getByRole("link").first().click();
  assert.equal(await admin.getByLabel("Namn").inputValue(), "Nils Ek");
  assert.equal(await admin.getByLabel("E-post").inputValue(), "nils");
  assert.deepEqual(admin.troubles, []);
});
