// A contents check on a phone: one tap when all is there, a thumb on minus when something is not; and what becomes of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LIMIT, launch, screens } from "./support/browser.mjs";
import { demoPage } from "./support/demo.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

let browser, server;
before(async () => {
  browser = await launch();
  server = await startServer({ demo: true });
});
after(async () => {
  await browser.close();
  await server.stop();
});

test("a kit that came back is counted, and waits for what it lacks", LIMIT, async () => {
  const page = await demoPage(browser, server.origin, "lager", screens.phone);
  await page.goto("/lager");
  await page.getByRole("link", { name: "Att kontrollera" }).click();
  const waiting = await page.locator("main .item").count();
  assert.ok(waiting >= 2, `${waiting} kits wait`);
  page.troubles.push(...(await allTroubles(page)));

  // All there: one tap.
  await page.getByRole("link", { name: "Kontrollera" }).first().click();
  page.troubles.push(...(await allTroubles(page)));
  await page.getByRole("button", { name: "Allt med" }).click();
  await page.getByText("Kontrollen är sparad: allt var med.").waitFor();

  // One less: the line opens, and says how.
  await page.goto("/lager/kontroll");
  assert.equal(await page.locator("main .item").count(), waiting - 1);
  await page.getByRole("link", { name: "Kontrollera" }).first().click();
  const line = page.locator(".check-line").first();
  const name = await line.locator("h3").textContent();
  const should = Number(await line.locator("input[name=count]").inputValue());
  await line.getByRole("button", { name: `En färre: ${name}` }).click();
  assert.equal(Number(await line.locator("input[name=count]").inputValue()), should - 1);
  await line.getByLabel("Vad är det med resten?").selectOption("broken");
  await page.getByRole("button", { name: "Spara kontrollen" }).click();
  await page.getByText("Kontrollen är sparad.").waitFor();
  await page.getByText(`1 ${name} – trasig`).first().waitFor();
  await page.getByText("Lånas inte ut utan den").waitFor();
  page.troubles.push(...(await allTroubles(page)));

  // Mended, it can be lent again.
  await page.getByText("Vad blev det av den?").first().click();
  await page.getByRole("button", { name: "Ersatt eller lagad" }).first().click();
  await page.getByText("Sparat.").waitFor();
  assert.equal(await page.getByText("Lånas inte ut utan den").count(), 0);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});
