// A stocktake on a phone: boxes counted by hand scanner, a colleague who counts at the same time, no network for a while, the
// report, and what is put right with one tap.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./support/api.mjs";
import { LIMIT, launch, newPage, screens, signIn } from "./support/browser.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

const people = { leif: "Leif Öberg", birgit: "Birgit Ek" };
const address = (name) => `${name}@lindvalla.example`;
const signedIn = {};

let server, api, browser, kitType;
before(async () => {
  server = await startServer();
  await server.cli("init", "--organisation", "Lindvalla kommun", "--admin", address("erik"));
  for (const [name, whole] of Object.entries(people)) {
    await server.cli("person", "add", "--email", address(name), "--name", whole, "--role", "warehouse");
  }
  api = {
    admin: new Api(server.origin, await server.cli("token", "create", "--email", address("erik"))),
    warehouse: new Api(server.origin, await server.cli("token", "create", "--email", address("leif"))),
  };
  kitType = (await api.admin.post("/kit-types", { name: "Bee-Bot" })).id;
  browser = await launch();
  for (const name of Object.keys(people)) {
    const page = await newPage(browser, server.origin);
    await signIn(page, server.mailbox, address(name));
    signedIn[name] = await page.context().storageState();
    await page.context().close();
  }
});
after(async () => {
  await browser.close();
  await server.stop();
});

/** Kits on these shelves: their codes. */
async function onShelves(...shelves) {
  const codes = [];
  for (const shelf of shelves) codes.push((await api.warehouse.post("/kits", { kit_type_id: kitType, shelf })).code);
  return codes;
}

const phone = (name) => newPage(browser, server.origin, { ...screens.phone, storageState: signedIn[name] });
/** Waits until the page's script takes what is typed. */
const open = async (page, path) => {
  await page.goto(path);
  await page.waitForFunction(() => document.querySelector("[data-camera]")?.hidden === false || !navigator.mediaDevices);
};
/** Types a code as a hand scanner does: into whatever has the focus, with Enter at the end. */
const type = (page, code) => page.keyboard.type(`${code}\n`);
const told = (page, words) => page.locator(".result", { hasText: words }).waitFor();
const live = (page, words) => page.locator("[data-live]", { hasText: words }).waitFor();
const printed = (code) => `${code.slice(0, 3)}-${code.slice(3)}`;

test("two count a shelf at once, and the report puts right what is wrong", LIMIT, async () => {
  const [first, second, third, missing] = await onShelves("A1", "A1", "A2", "A1");
  const [leif, birgit] = [await phone("leif"), await phone("birgit")];
  await leif.goto("/lager");
  await leif.getByRole("link", { name: "Inventering" }).click();
  await leif.getByLabel("A1 (3 lådor)").waitFor();
  leif.troubles.push(...(await allTroubles(leif)));
  await leif.getByLabel("A1 (3 lådor)").check();
  await leif.getByRole("button", { name: "Inventera valda hyllor" }).click();
  const path = new URL(leif.url()).pathname;
  await open(leif, path);
  await leif.getByText("Du står vid A1.").waitFor();

  await type(leif, first);
  await told(leif, "På plats");
  await live(leif, "1 av 3 räknade");
  await type(leif, first);
  await told(leif, "Redan räknad");

  // A colleague sees what is counted, and is told when a box was counted before.
  await open(birgit, path);
  await live(birgit, "1 av 3 räknade");
  await type(birgit, first);
  await told(birgit, "av Leif Öberg");
  await type(birgit, second);
  await told(birgit, "På plats");

  // A box of another shelf: one tap, and it lives here.
  await type(leif, third);
  await told(leif, "hör hemma på A2");
  leif.troubles.push(...(await allTroubles(leif)));
  await leif.getByRole("status").getByRole("button", { name: "Den bor på A1 nu" }).click();
  await told(leif, "Ny hyllplats");
  assert.equal((await api.warehouse.get(`/kits/${third}`)).shelf, "A1");

  // No such box: the page stops until that is seen.
  await type(leif, "0000000");
  await told(leif, "Stopp");
  await type(leif, second);
  assert.ok(await leif.getByText("Stopp").isVisible());
  leif.troubles.push(...(await allTroubles(leif)));
  await leif.keyboard.press("Escape");

  // What was counted by mistake is undone, and left to count again.
  await leif.locator("[data-live] .item", { hasText: printed(second) }).getByRole("button", { name: "Ångra" }).click();
  await told(leif, "Ångrad");
  await leif.locator("#left + .list", { hasText: printed(second) }).waitFor();
  await type(leif, second);
  await told(leif, "På plats");

  await leif.getByText("Avsluta inventeringen").first().click();
  await leif.getByText("1 låda är inte räknad. Den noteras som saknad.").waitFor();
  await leif.getByRole("button", { name: "Avsluta inventeringen" }).click();
  await leif.getByText("Inventeringen är avslutad.").waitFor();
  const row = leif.locator(".item", { hasText: printed(missing) });
  await row.getByText("Saknas").waitFor();
  leif.troubles.push(...(await allTroubles(leif)));
  await row.getByRole("button", { name: "Notera som förlorad" }).click();
  await leif.getByText("Rättat.").waitFor();
  await leif.locator(".item", { hasText: printed(missing) }).getByRole("button", { name: "Ta i bruk igen" }).waitFor();
  assert.equal((await api.warehouse.get(`/kits/${missing}`)).status, "retired");

  // Who still counts is led to the report.
  await birgit.locator("[data-go]").first().click();
  await birgit.waitForURL(/rapport/);
  const wide = await newPage(browser, server.origin, { ...screens.desktop, storageState: signedIn.leif });
  await wide.goto(`${path}/rapport`);
  wide.troubles.push(...(await allTroubles(wide)));
  for (const page of [leif, birgit, wide]) {
    // A code that is no kit's is answered with 404.
    assert.deepEqual(page.troubles.filter((trouble) => !/404 for POST .*\/scans$/.test(trouble)), []);
    await page.context().close();
  }
});

test("without network boxes are kept on the phone, and counted when it is back", LIMIT, async () => {
  const codes = await onShelves("C1", "C1");
  const stocktake = await api.warehouse.post("/stocktakes", { shelves: ["C1"] });
  const page = await phone("leif");
  await open(page, `/lager/inventering/${stocktake.id}`);
  await page.context().setOffline(true);
  for (const [number, code] of codes.entries()) {
    await type(page, code);
    await page.locator("[data-rows] li").nth(number).waitFor();
    await told(page, "är sparad i mobilen");
  }
  assert.equal((await api.warehouse.get(`/stocktakes/${stocktake.id}`)).counts.counted, 0);
  // Closed meanwhile by somebody who does not know: the boxes were seen before that.
  await api.warehouse.post(`/stocktakes/${stocktake.id}/close`);
  assert.equal((await api.warehouse.get(`/stocktakes/${stocktake.id}`)).counts.missing, 2);
  await page.context().setOffline(false);
  // Back on the network the page may be on its way there twice, of which one way is broken off.
  while (!/rapport/.test(page.url())) await page.waitForTimeout(50);
  assert.deepEqual((await api.warehouse.get(`/stocktakes/${stocktake.id}`)).counts.found, 2);
  await page.context().close();
});

test("counted boxes that are not taken are told of on every page until that is seen", LIMIT, async () => {
  const [code] = await onShelves("D1");
  const stocktake = await api.warehouse.post("/stocktakes", { shelves: ["D1"] });
  const page = await phone("leif");
  await open(page, `/lager/inventering/${stocktake.id}`);
  await page.context().setOffline(true);
  // A colleague is done while somebody still counts in the cellar.
  await api.warehouse.post(`/stocktakes/${stocktake.id}/close`);
  await type(page, code);
  await told(page, printed(code));
  await page.context().setOffline(false);
  const news = page.locator("[data-not-counted]");
  await news.getByText(`${printed(code)} · D1 · Inventeringen är avslutad.`).waitFor();
  page.troubles.push(...(await allTroubles(page)));
  await page.goto(`/lager/inventering/${stocktake.id}/rapport`);
  await news.getByText(printed(code)).waitFor();
  // Whoever finishes another series, or signs out, does not take it away unseen.
  await page.goto("/lager");
  await page.evaluate(async () => (await import(document.body.dataset.queue)).endSeries());
  await page.reload();
  await news.getByText(printed(code)).waitFor();
  await news.getByRole("button", { name: "Jag har läst det" }).click();
  await news.waitFor({ state: "hidden" });
  await page.reload();
  await page.waitForLoadState("networkidle");
  assert.ok(await news.isHidden());
  assert.deepEqual(page.troubles.filter((trouble) => !/409 for POST .*\/scans$/.test(trouble)), []);
  await page.context().close();
});

test("a phone that keeps nothing counts all the same", LIMIT, async () => {
  const [first, second] = await onShelves("E1", "E1");
  const stocktake = await api.warehouse.post("/stocktakes", { shelves: ["E1"] });
  const page = await phone("leif");
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new Error("nothing is kept here"); };
  });
  await open(page, `/lager/inventering/${stocktake.id}`);
  await type(page, first);
  await told(page, "På plats");
  await live(page, "1 av 2 räknade");
  await type(page, second);
  await live(page, "2 av 2 räknade");
  assert.deepEqual(page.troubles.filter((trouble) => !trouble.includes("nothing is kept here")), []);
  await page.context().close();
});

test("who is signed out, or may not count, is told so and never that all is well", LIMIT, async () => {
  const [first, second] = await onShelves("F1", "F1");
  const stocktake = await api.warehouse.post("/stocktakes", { shelves: ["F1"] });
  const page = await phone("leif");
  await open(page, `/lager/inventering/${stocktake.id}`);
  const answer = (status) => (route) => route.fulfill({ status, contentType: "application/problem+json", body: JSON.stringify({ code: "auth", detail: "Du får inte räkna." }) });
  await page.route("**/api/v1/stocktakes/*/scans", answer(403));
  await type(page, first);
  await told(page, "Inte skickad");
  await page.getByText("Du får inte räkna.").first().waitFor();
  await page.keyboard.press("Escape");
  await page.unroute("**/api/v1/stocktakes/*/scans");
  await page.route("**/api/v1/stocktakes/*/scans", answer(401));
  await type(page, second);
  await told(page, "Logga in, så skickas den.");
  await page.context().close();
});

test("boxes that somebody who has left has counted are sent by who has the phone now", LIMIT, async () => {
  const [code] = await onShelves("G1");
  const stocktake = await api.warehouse.post("/stocktakes", { shelves: ["G1"] });
  const page = await phone("leif");
  await open(page, `/lager/inventering/${stocktake.id}`);
  await page.context().setOffline(true);
  await type(page, code);
  await told(page, printed(code));
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.context().addCookies(signedIn.birgit.cookies);
  await page.context().setOffline(false);
  await page.goto("/lager/skanna");
  const others = page.locator("[data-others]:visible");
  await others.getByText(`${printed(code)} · Inventering`).waitFor();
  await others.getByRole("button", { name: "Skicka som mina" }).click();
  await page.locator("[data-waiting]").waitFor({ state: "hidden" });
  const { items } = await api.warehouse.get(`/stocktakes/${stocktake.id}/lines`);
  assert.deepEqual(items.map((line) => [line.kit_code, line.finding, line.counted_by]), [[code, "found", "Birgit Ek"]]);
  await page.context().close();
});

test("kits without a shelf are counted where they are", LIMIT, async () => {
  const [code, astray] = await onShelves("", "H1");
  const stocktake = await api.warehouse.post("/stocktakes", { shelves: ["", "H1"] });
  const page = await phone("leif");
  await open(page, `/lager/inventering/${stocktake.id}`);
  await page.getByRole("link", { name: "Utan hyllplats" }).click();
  await page.getByText("Du räknar lådor utan hyllplats.").waitFor();
  await type(page, code);
  await told(page, "På plats");
  await type(page, astray);
  await told(page, "hör hemma på H1");
  await page.getByRole("status").getByRole("button", { name: "Jag ställer tillbaka den" }).waitFor();
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});
