// A reservation as a preschool makes it on a phone: in four taps, with and without JavaScript; and two preschools that
// want the same last kit at the same moment.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./support/api.mjs";
import { LIMIT, launch, newPage, screens, signIn } from "./support/browser.mjs";
import { backEnds } from "./support/database.mjs";
import { demoPage } from "./support/demo.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

/** The most taps that it may take from the start page to a confirmed reservation. */
const MOST_TAPS = 4;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("from the start page to a confirmed reservation in four taps", LIMIT, async (t) => {
  const server = await startServer({ demo: true });
  try {
    for (const javaScriptEnabled of [true, false]) {
      await t.test(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => inFourTaps(server, javaScriptEnabled));
    }
  } finally {
    await server.stop();
  }
});

async function inFourTaps(server, javaScriptEnabled) {
  const borrower = await demoPage(browser, server.origin, "låntagare", { ...screens.phone, javaScriptEnabled });
  let taps = 0;
  const tap = async (what) => {
    taps += 1;
    await what.tap();
  };
  await borrower.goto("/");
  await tap(borrower.getByRole("main").getByRole("link", { name: "Hitta en låda" }).first());
  const card = borrower.locator(".card", { hasText: "Ledig v." }).first();
  const name = (await card.getByRole("link").first().textContent()).trim();
  await tap(card.getByRole("link").first());
  await tap(borrower.getByRole("link", { name: /^Boka v\./ }).first());
  await tap(borrower.getByRole("button", { name: "Boka", exact: true }));
  const heading = borrower.getByRole("heading", { level: 1 });
  await heading.filter({ hasText: `${name} är bokad v.` }).waitFor();
  assert.ok(taps <= MOST_TAPS, `took ${taps} taps`);
  assert.deepEqual(borrower.troubles, []);
  await borrower.context().close();
}

for (const backEnd of backEnds) {
  test(`two preschools race for the same last kit on ${backEnd}`, LIMIT, async () => {
    const server = await startServer({ backEnd });
    try {
      await race(server);
    } finally {
      await server.stop();
    }
  });
}

async function race(server) {
  const admin = "erik@lindvalla.example";
  const rivals = [
    { unit: "Lyktans förskola", email: "samira@lindvalla.example", name: "Samira Haddad" },
    { unit: "Granens förskola", email: "olle@lindvalla.example", name: "Olle Lind" },
  ];
  await server.cli("init", "--organisation", "Lindvalla kommun", "--admin", admin);
  const api = new Api(server.origin, await server.cli("token", "create", "--email", admin));
  const kitType = await api.post("/kit-types", { name: "Bee-Bot", loan_days: 14 });
  await api.post("/kits", { kit_type_id: kitType.id });
  for (const { unit, email, name } of rivals) {
    await api.post("/units", { name: unit });
    await server.cli("person", "add", "--email", email, "--name", name, "--role", "borrower", "--unit", unit);
  }
  const pages = await Promise.all(rivals.map(() => newPage(browser, server.origin, screens.phone)));
  for (const [at, { email }] of rivals.entries()) await signIn(pages[at], server.mailbox, email);
  // Both look at the same free weeks before either of them takes them.
  for (const page of pages) {
    await page.goto(`/lador/${kitType.id}`);
    await page.getByRole("link", { name: /^Boka v\./ }).first().tap();
    await page.getByRole("button", { name: "Boka", exact: true }).waitFor();
  }
  await Promise.all(pages.map((page) => page.getByRole("button", { name: "Boka", exact: true }).tap()));

  const booked = (page) => page.getByRole("heading", { name: /^Bee-Bot är bokad v\./ });
  const told = (page) => page.getByRole("alert");
  await Promise.all(pages.map((page) => booked(page).or(told(page)).first().waitFor()));
  const won = await Promise.all(pages.map((page) => booked(page).isVisible()));
  assert.deepEqual([...won].sort(), [false, true], "one gets the kit, and one alone");
  const loser = pages[won.indexOf(false)];
  assert.equal((await api.get("/loans")).items.length, 1);
  loser.troubles.push(...(await allTroubles(loser)));

  // The other is told the next weeks that work, and gets them.
  await told(loser).getByRole("link", { name: /v\. \d/ }).tap();
  await loser.getByRole("button", { name: "Boka", exact: true }).tap();
  await booked(loser).waitFor();
  const loans = (await api.get("/loans")).items;
  assert.deepEqual(new Set(loans.map((loan) => loan.unit.name)), new Set(rivals.map((rival) => rival.unit)));
  const [later, earlier] = loans.sort((a, b) => (a.first_day < b.first_day ? 1 : -1));
  assert.ok(earlier.last_day < later.first_day, "the two loans do not overlap");
  assert.deepEqual(pages.flatMap((page) => page.troubles), []);
}
