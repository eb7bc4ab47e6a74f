// What makes scanning easy for whoever stands in the warehouse: whose boxes, a box without label, names without network, a
// series that goes on in another browser, the sum at the end, and everything by keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LIMIT, newPage, screens } from "./support/browser.mjs";
import { allTroubles } from "./support/looks.mjs";
import { becomes, choose, kept, openWarehouse, printed, rows, told, type } from "./support/warehouse.mjs";

let server, api, browser, unit, signedIn, reserved, out, between, warehouse, statuses, receipts, stop;
before(async () => {
  ({ server, api, browser, unit, signedIn, reserved, out, between, warehouse, statuses, receipts, stop } = await openWarehouse());
});
after(() => stop());

/** Another browser on the same phone: the same person is signed in, and nothing else is known there. */
const anotherBrowser = () => newPage(browser, server.origin, { ...screens.phone, storageState: signedIn });

test("boxes go out to one preschool at a time, and the sum tells what came of it", LIMIT, async () => {
  const other = (await api.admin.post("/units", { name: "Kometens förskola", email: "kometen@lindvalla.example" })).id;
  const [ours] = await reserved("Blue-Bot", 1);
  const [theirs] = await reserved("Ozobot", 1, other);
  const page = await warehouse();
  await choose(page, "Lämna ut");
  await page.getByText("Vems lådor?").first().click();
  await page.getByText("Lyktans förskola").click();
  await page.getByText(/^Blue-Bot A/).waitFor();
  page.troubles.push(...(await allTroubles(page)));
  await page.locator("[data-count]", { hasText: "Lyktans förskola: 1 kvar" }).waitFor();
  // A box for somebody else is stopped, though it is to go out today.
  await type(page, theirs.kit_code);
  await page.getByRole("alert").getByText("inte till Lyktans förskola").waitFor();
  await page.getByRole("alert").getByText("bokad till Kometens förskola").waitFor();
  await page.getByRole("button", { name: "Jag har sett det" }).click();
  await type(page, ours.kit_code);
  await told(page, "Utlämnad");
  await page.locator("[data-count]", { hasText: "Lyktans förskola: 0 kvar" }).waitFor();
  await becomes(() => statuses([ours, theirs]), ["out", "reserved"]);
  // Where a box goes that comes in is said at once, and in its row.
  await choose(page, "Ta emot");
  assert.equal(await page.locator("[data-whose]").isVisible(), false);
  await page.locator("[data-rows]").getByText("Utlämnad").waitFor();
  await type(page, ours.kit_code);
  await told(page, "Ställ den på hylla B3.");
  await rows(page).first().getByText("Ställ den på hylla B3.").waitFor();
  await page.getByRole("button", { name: "Klar (2)" }).click();
  await told(page, "Ut: 1 · In: 1 · Nekade: 1 (Ozobot A)");
  assert.equal(await page.getByRole("link", { name: "Kontrollera lådorna (1)" }).count(), 1);
  page.troubles.push(...(await allTroubles(page)));
  assert.deepEqual(page.troubles.filter((trouble) => !/409/.test(trouble)), []);
  await page.context().close();
});

test("a box without label is found by its name, also without network, and codes have names there", LIMIT, async () => {
  const [one, other] = await out("Cubetto", 2);
  const way = await between();
  const page = await warehouse(browser, way.origin);
  await kept(page);
  await page.waitForFunction(() => localStorage.getItem("known-kits"));
  way.cut();
  await page.reload();
  await choose(page, "Ta emot");
  // What is typed is right or wrong at once.
  const field = page.locator("#code");
  await field.pressSequentially(one.kit_code);
  await page.getByText(/^✓ Koden stämmer · Cubetto/).waitFor();
  await field.fill("");
  await field.pressSequentially(`${one.kit_code.slice(0, 6)}${one.kit_code.at(-1) === "7" ? "8" : "7"}`);
  await page.getByText("✕ Koden stämmer inte").waitFor();
  page.troubles.push(...(await allTroubles(page)));
  await field.fill("");
  await page.getByText("Lådan har ingen etikett").click();
  await page.getByLabel("Sök lådan").fill("cubetto lyktan");
  await page.locator("[data-found] li").nth(1).waitFor();
  page.troubles.push(...(await allTroubles(page)));
  const first = page.locator("[data-found] li", { hasText: printed(one.kit_code) });
  await first.getByRole("button", { name: /^Välj/ }).click();
  await told(page, /Cubetto . är sparad i mobilen/);
  await rows(page).first().getByText(/^Cubetto/).waitFor();
  // A code of no box here is said to be that, and kept all the same.
  await type(page, "00016JD");
  await told(page, "Okänd kod");
  await rows(page).first().getByText("Okänd kod").waitFor();
  await rows(page).first().getByRole("button", { name: /^Ångra/ }).click();
  await type(page, other.kit_code);
  await rows(page).filter({ hasText: printed(other.kit_code) }).waitFor();
  way.cut(false);
  // The phone may find the network by itself before anybody has tapped.
  await page.evaluate(() => document.querySelector("[data-send]").click());
  await page.locator("[data-waiting]").waitFor({ state: "hidden" });
  await becomes(() => statuses([one, other]), ["received", "received"]);
  assert.deepEqual(page.troubles.filter((trouble) => !/404|ERR_/.test(trouble)), []);
  way.close();
  await page.context().close();
});

test("a label that another browser opens joins the series, and stands in its list", LIMIT, async () => {
  const loans = await out("Dash", 2);
  const page = await warehouse();
  await choose(page, "Ta emot");
  await type(page, loans[0].kit_code);
  await told(page, "Mottagen");
  const camera = await anotherBrowser();
  await camera.goto(`${server.origin}/K/${loans[1].kit_code}`);
  await camera.getByRole("alert").getByText("Registrerad").waitFor();
  await becomes(() => receipts(loans), [1, 1]);
  assert.deepEqual(await allTroubles(camera), []);
  await page.reload();
  await rows(page).nth(1).waitFor();
  await page.getByRole("button", { name: "Klar (2)" }).click();
  await told(page, "In: 2");
  // The series is over: a label is only looked at.
  while ((await api.warehouse.get("/scan-series")).series) await page.waitForTimeout(50);
  await camera.goto(`${server.origin}/K/${loans[1].kit_code}`);
  await camera.getByRole("heading", { name: /^Dash/ }).waitFor();
  assert.equal(await camera.locator("[data-joins]").count(), 0);
  await camera.context().close();
  await page.context().close();
});

test("a stocktake goes on without network, and in another browser", LIMIT, async () => {
  const kitType = (await api.admin.post("/kit-types", { name: "Botley" })).id;
  const codes = [];
  for (let kit = 0; kit < 3; kit += 1) codes.push((await api.warehouse.post("/kits", { kit_type_id: kitType, shelf: "E1" })).code);
  const { id } = await api.warehouse.post("/stocktakes", { shelves: ["E1"] });
  const way = await between();
  const page = await newPage(browser, way.origin, { ...screens.phone, storageState: signedIn });
  await page.goto(`/lager/inventering/${id}?hylla=E1`);
  await kept(page);
  await page.waitForFunction(() => localStorage.getItem("known-kits"));
  way.cut();
  await page.reload();
  await page.getByText("Du står vid E1.").waitFor();
  await page.waitForFunction(() => document.querySelector("[data-camera]")?.hidden === false || !navigator.mediaDevices);
  await type(page, codes[0]);
  await told(page, /Botley .*är sparad i mobilen/);
  way.cut(false);
  await page.getByRole("button", { name: "Skicka nu" }).click();
  while ((await api.warehouse.get(`/stocktakes/${id}`)).counts.counted < 1) await page.waitForTimeout(50);
  await type(page, codes[1]);
  await told(page, "På plats");
  assert.equal((await api.warehouse.get("/scan-series")).series.stocktake_id, id);
  // The phone's own camera counts along.
  const camera = await anotherBrowser();
  await camera.goto(`${server.origin}/K/${codes[2]}`);
  await camera.getByRole("alert").getByText("Räknad").waitFor();
  assert.equal((await api.warehouse.get(`/stocktakes/${id}`)).counts.counted, 3);
  await camera.getByRole("button", { name: "Ångra" }).click();
  await camera.getByRole("alert").getByText("Ångrad").waitFor();
  assert.equal((await api.warehouse.get(`/stocktakes/${id}`)).counts.counted, 2);
  assert.match(await camera.getByRole("link", { name: "Till listan" }).getAttribute("href"), new RegExp(`${id}\\?hylla=E1`));
  assert.deepEqual(await allTroubles(camera), []);
  way.close();
  await camera.context().close();
  await page.context().close();
});

test("the browser's own detector is asked ten times a second at most, for the middle square, and the camera is brought near", LIMIT, async () => {
  const [loan, beside] = await reserved("Edison", 2);
  const page = await newPage(browser, server.origin, { ...screens.phone, storageState: signedIn });
  await api.warehouse.delete("/scan-series");
  await page.addInitScript(([middle, edge]) => {
    globalThis.looked = [];
    globalThis.zooms = [];
    // A wide picture, 640 by 360, whose middle square is 360 by 360.
    navigator.mediaDevices.getUserMedia = async () => {
      const film = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
      film.getContext("2d").fillRect(0, 0, 640, 360);
      setInterval(() => film.getContext("2d").fillRect(0, 0, 640, 360), 50);
      const stream = film.captureStream(20);
      const [track] = stream.getVideoTracks();
      track.getCapabilities = () => ({ zoom: { min: 1, max: 4, step: 0.5 } });
      track.applyConstraints = async ({ advanced }) => { for (const { zoom } of advanced) if (zoom) globalThis.zooms.push(zoom); };
      return stream;
    };
    globalThis.BarcodeDetector = class {
      static getSupportedFormats = async () => ["qr_code"];
      async detect(picture) {
        globalThis.looked.push({ at: Date.now(), width: picture.width, height: picture.height });
        const box = (x, y) => ({ x, y, width: 40, height: 40 });
        return [{ rawValue: edge, boundingBox: box(0, 0) }, { rawValue: `HTTPS://LADA.EXAMPLE/K/${middle}`, boundingBox: box(160, 160) }];
      }
    };
  }, [loan.kit_code, beside.kit_code]);
  await page.goto("/lager/skanna");
  await page.getByRole("button", { name: "Starta kameran" }).click();
  await told(page, "Utlämnad");
  await page.waitForTimeout(1500);
  const { looked, zooms } = await page.evaluate(() => ({ looked: globalThis.looked, zooms: globalThis.zooms }));
  assert.ok(looked.every(({ width, height }) => width === height && width === 360), "only the middle square is searched");
  const seconds = (looked.at(-1).at - looked[0].at) / 1000;
  assert.ok(looked.length > 5 && (looked.length - 1) / seconds <= 10.5, `${looked.length} in ${seconds} s`);
  await becomes(() => statuses([loan, beside]), ["out", "reserved"], "the code nearest to the middle counts, once");
  // Near or far as one likes, and the next time as it was.
  const zoom = page.getByRole("slider", { name: "Zooma" });
  await zoom.press("ArrowRight");
  assert.deepEqual([zooms, await zoom.inputValue()], [[2], "2.5"]);
  page.troubles.push(...(await allTroubles(page)));
  await page.reload();
  await page.getByRole("button", { name: "Starta kameran" }).click();
  await zoom.waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.zooms), [2.5]);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("everything is done by keyboard", LIMIT, async () => {
  const loans = await reserved("Makey Makey", 2);
  const page = await warehouse(browser, server.origin, screens.desktop);
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.value || document.activeElement.name);
  /** Goes by Tab, or back by Shift+Tab, until something has the focus. */
  const go = async (to, key = "Tab") => {
    for (let step = 0; step < 80; step += 1) {
      if (to.test(await focused())) return;
      await page.keyboard.press(key);
    }
    assert.fail(`${to} is not reached, but ${await focused()}`);
  };
  // What is to happen: by arrows. Whose: opened and chosen with the space bar and arrows.
  await go(/^auto$/, "Shift+Tab");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("[name=action]:checked").getAttribute("value"), "hand_out");
  await go(/^Vems lådor/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const whose = () => page.locator("[name=unit_id]:checked").getAttribute("value");
  for (let step = 0; step < 3 && (await whose()) !== unit; step += 1) await page.keyboard.press("ArrowDown");
  assert.equal(await whose(), unit);
  // A code with Enter, a stop that is seen with Escape, and a box found by its name.
  await go(/^code$/);
  await page.keyboard.type(`${loans[0].kit_code}\n`);
  await told(page, "Utlämnad");
  await page.keyboard.type("00016JD\n");
  await page.getByRole("alert").getByText("Stopp").waitFor();
  await page.keyboard.press("Escape");
  await go(/^Lådan har ingen etikett$/);
  await page.keyboard.press("Enter");
  await go(/^sok$/);
  await page.keyboard.type("makey");
  await page.locator("[data-found] li").first().waitFor();
  await go(new RegExp(`^Välj`));
  const chosen = await page.evaluate(() => document.activeElement.value);
  if (chosen === loans[0].kit_code) {
    await page.keyboard.press("Tab");
    await go(/^Välj/);
  }
  await page.keyboard.press("Enter");
  await rows(page).filter({ hasText: "Utlämnad" }).nth(1).waitFor();
  await becomes(() => statuses(loans), ["out", "out"]);
  // Undone, and done.
  await go(/^Ångra/);
  await page.keyboard.press("Enter");
  await told(page, "Ångrad");
  await go(/^Klar \(2\)$/);
  await page.keyboard.press("Enter");
  await told(page, "Ut: 1 · Ångrade: 1");
  // The check card, too.
  const code = (await statuses(loans))[0] === "out" ? loans[0].kit_code : loans[1].kit_code;
  await api.warehouse.post("/scans", { code, action: "receive" });
  await page.goto(`/lager/kontroll/${code}`);
  await go(/^Allt med$/);
  await page.keyboard.press("Enter");
  await page.getByText("Kontrollen är sparad: allt var med.").waitFor();
  assert.deepEqual(page.troubles.filter((trouble) => !/404/.test(trouble)), []);
  await page.context().close();
});
