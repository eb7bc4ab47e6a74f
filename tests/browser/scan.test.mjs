// Scanning: by the camera, by a hand scanner, without network, when the server dies, and by two at once.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { LIMIT, launch } from "./support/browser.mjs";
import { allTroubles } from "./support/looks.mjs";
import { becomes, choose, kept, openWarehouse, printed, rows, told, type } from "./support/warehouse.mjs";

const run = promisify(execFile);

let folder, server, api, browser, token, reserved, out, between, warehouse, statuses, receipts, stop;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "digilador-scan-"));
  ({ server, api, browser, token, reserved, out, between, warehouse, statuses, receipts, stop } = await openWarehouse());
});
after(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

async function signOut(page) {
  const menu = page.getByRole("button", { name: "Meny", exact: true });
  const button = page.getByRole("button", { name: "Logga ut" });
  if ((await menu.isVisible()) && !(await button.isVisible())) await menu.click();
  await button.click();
}

/** What is wrong with the page, scrolled to its end: half hidden behind the bar, what is large enough would seem too small. */
async function troublesBelow(page) {
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  return allTroubles(page);
}

/** A browser whose camera sees the labels of these loans' kits, as the program prints them, one after the other and again. */
async function beforeCamera(loans) {
  const labels = [];
  for (const { kit_code: code } of loans) {
    const answer = await fetch(`${server.origin}/api/v1/kits/${code}/label.pdf`, { headers: { authorization: `Bearer ${await token()}` } });
    assert.equal(answer.status, 200);
    await writeFile(join(folder, `${code}.pdf`), Buffer.from(await answer.arrayBuffer()));
    await run("pdftoppm", ["-r", "300", "-png", "-singlefile", join(folder, `${code}.pdf`), join(folder, code)]);
    labels.push(join(folder, `${code}.png`));
  }
  const film = join(folder, `${loans[0].kit_code}.mjpeg`);
  // The one that its Debian package is for, whichever else is first on the path.
  await run("/usr/bin/python3", [join(import.meta.dirname, "support/film.py"), film, ...labels]);
  return launch(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`]);
}

test("a printed label before the camera is read and registered", LIMIT, async () => {
  const [loan] = await reserved("Blue-Bot", 1);
  const withCamera = await beforeCamera([loan]);
  try {
    const page = await warehouse(withCamera);
    await page.getByRole("button", { name: "Starta kameran" }).click();
    await told(page, "Utlämnad");
    await becomes(() => statuses([loan]), ["out"]);
    // The label stays before the camera: the box is not received at once.
    await page.waitForTimeout(2500);
    await becomes(() => statuses([loan]), ["out"]);
    assert.equal(await rows(page).count(), 1);
    // All that a thumb needs is on the screen at once: the picture, the answer, the field, the newest box with its way back.
    const edges = await page.evaluate(() => {
      const bar = document.querySelector("[data-bar]").getBoundingClientRect().top;
      const parts = ["[data-view]", "[data-said] .result", "#code", "[data-rows] [data-undo]"];
      return [0, ...parts.flatMap((part) => { const { top, bottom } = document.querySelector(part).getBoundingClientRect(); return [top, bottom]; }), bar];
    });
    assert.deepEqual(edges, [...edges].sort((one, other) => one - other), "from above to below, and nothing behind the bar");
    assert.equal(await page.evaluate(() => document.activeElement?.id ?? ""), "", "the keyboard stays down");
    page.troubles.push(...(await troublesBelow(page)));
    assert.deepEqual(page.troubles, []);
  } finally {
    await withCamera.close();
  }
});

test("ten boxes go out and come back before the camera", LIMIT, async () => {
  const loans = await reserved("Sphero", 10);
  const withCamera = await beforeCamera(loans);
  try {
    const page = await warehouse(withCamera);
    for (const [way, word, status] of [["Lämna ut", "Utlämnad", "out"], ["Ta emot", "Mottagen", "received"]]) {
      await choose(page, way);
      await page.getByRole("button", { name: "Starta kameran" }).click();
      await rows(page).filter({ hasText: word }).nth(9).waitFor({ timeout: 120_000 });
      await page.getByRole("button", { name: "Stäng av kameran" }).click();
      await becomes(async () => new Set(await statuses(loans)), new Set([status]));
      await page.getByRole("button", { name: "Klar (10)" }).click();
    }
    await becomes(async () => new Set(await receipts(loans)), new Set([1]));
    assert.deepEqual(page.troubles, []);
  } finally {
    await withCamera.close();
  }
});

test("ten boxes go out and come back by a hand scanner, and one is undone", LIMIT, async () => {
  const loans = await reserved("Bee-Bot", 10);
  const page = await warehouse();
  await choose(page, "Lämna ut");
  for (const [number, loan] of loans.entries()) {
    await type(page, loan.kit_code);
    await rows(page).nth(number).waitFor();
  }
  await rows(page).filter({ hasText: "Utlämnad" }).nth(9).waitFor();
  await becomes(async () => new Set(await statuses(loans)), new Set(["out"]));
  assert.equal(await page.getByRole("button", { name: "Klar (10)" }).count(), 1);
  await page.getByRole("button", { name: "Klar (10)" }).click();
  await told(page, "Ut: 10");
  assert.equal(await rows(page).count(), 0);
  await choose(page, "Ta emot");
  for (const [number, loan] of loans.entries()) {
    await type(page, `HTTPS://LADA.EXAMPLE/K/${loan.kit_code}`);
    await rows(page).nth(number).waitFor();
  }
  await rows(page).filter({ hasText: "Mottagen" }).nth(9).waitFor();
  await told(page, "Mottagen");
  await becomes(async () => new Set(await statuses(loans)), new Set(["received"]));
  await becomes(async () => new Set(await receipts(loans)), new Set([1]));

  // A box that has been seen to is harmless; a wrong code stops everything until that is seen.
  await type(page, loans[0].kit_code);
  await told(page, "Inget ändrat");
  await type(page, `${loans[0].kit_code.slice(0, 6)}${loans[0].kit_code.at(-1) === "7" ? "8" : "7"}`);
  await page.getByRole("alert").getByText("Ett tecken är fel").waitFor();
  // What is scanned on past it is named, and a scanner's second Enter is not a person who has seen it.
  await type(page, `${loans[1].kit_code}\n`);
  await page.getByRole("alert").getByText(`${printed(loans[1].kit_code)} är inte registrerad`).waitFor();
  page.troubles.push(...(await troublesBelow(page)));
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("alert").getByText("Ett tecken är fel").count(), 0);

  // The list outlives a reload; the newest can be undone.
  await page.reload();
  await rows(page).nth(9).waitFor();
  await rows(page).first().getByRole("button", { name: /^Ångra/ }).click();
  await told(page, "Ångrad");
  await becomes(async () => (await statuses(loans)).filter((status) => status === "out").length, 1);
  assert.deepEqual(page.troubles.filter((trouble) => !/40[49]|422/.test(trouble)), []);

  // From what came in the way leads to the checks.
  await page.getByRole("button", { name: "Klar (10)" }).click();
  assert.equal(await page.getByRole("link", { name: "Kontrollera lådorna (9)" }).getAttribute("href"), "/lager/kontroll");
});

test("a box in the list is not turned round by a second scan", LIMIT, async () => {
  const [loan] = await reserved("Botley", 1);
  const page = await warehouse();
  await type(page, loan.kit_code);
  await told(page, "Utlämnad");
  await type(page, loan.kit_code);
  await told(page, "är redan skannad");
  await becomes(() => statuses([loan]), ["out"]);
  await page.locator(".result").getByRole("button", { name: "Ta emot" }).click();
  await told(page, "Mottagen");
  await becomes(() => statuses([loan]), ["received"]);
  // What is chosen outlives the page, as the list does.
  await choose(page, "Ta emot");
  await page.goto("/lager");
  await page.goto("/lager/skanna");
  assert.equal(await page.locator("[name=action]:checked").getAttribute("value"), "receive");
  // A stop outlives it too, until somebody has seen it.
  await choose(page, "Lämna ut");
  await type(page, "00016JD");
  await page.getByRole("alert").getByText("Stopp").waitFor();
  await page.reload();
  await page.getByRole("alert").getByText("Stopp").waitFor();
  await page.getByRole("button", { name: "Jag har sett det" }).click();
  await page.reload();
  await rows(page).first().waitFor();
  assert.equal(await page.getByRole("alert").getByText("Stopp").count(), 0);
});

test("on a slow network each box is seen at once, and green only when it is done", LIMIT, async () => {
  const loans = await out("Edison", 3);
  const way = await between();
  try {
    const page = await warehouse(browser, way.origin);
    await choose(page, "Ta emot");
    way.slow = 1500;
    for (const loan of loans) await type(page, loan.kit_code);
    await rows(page).nth(2).waitFor();
    assert.match(await page.locator(".result").textContent(), new RegExp(`Registrerar.*${printed(loans[2].kit_code)}`));
    await rows(page).filter({ hasText: "Mottagen" }).nth(0).waitFor();
    assert.match(await page.locator(".result").textContent(), /Registrerar/, "the answer to the box before is no answer to this one");
    await told(page, "Mottagen");
    assert.equal(await rows(page).filter({ hasText: "Mottagen" }).count(), 3);
  } finally {
    way.close();
  }
});

test("what the server does not take from somebody keeps nothing else from being sent", LIMIT, async () => {
  const loans = await out("Cue", 2);
  const way = await between();
  try {
    const page = await warehouse(browser, way.origin);
    await choose(page, "Ta emot");
    let first = true;
    way.meet = (incoming, outgoing) => {
      if (!first || incoming.method !== "POST" || incoming.url !== "/api/v1/scans") return false;
      first = false;
      outgoing.writeHead(403, { "content-type": "application/problem+json" }).end(JSON.stringify({ detail: "Det får du inte." }));
      return true;
    };
    await type(page, loans[0].kit_code);
    await page.getByRole("alert").getByText("Det får du inte.").waitFor();
    await page.getByRole("button", { name: "Jag har sett det" }).click();
    await type(page, loans[1].kit_code);
    await told(page, "Mottagen");
    await rows(page).filter({ hasText: "Inte skickad" }).getByText("Det får du inte.").waitFor();
    await page.getByRole("button", { name: "Skicka nu" }).click();
    await rows(page).filter({ hasText: "Mottagen" }).nth(1).waitFor();
    await becomes(() => statuses(loans), ["received", "received"]);
  } finally {
    way.close();
  }
});

test("five boxes without network, a closed tab, and each is received once", LIMIT, async () => {
  const loans = await out("Cubetto", 6);
  const way = await between();
  const page = await warehouse(browser, way.origin);
  const context = page.context();
  await kept(page);
  way.cut();
  await page.reload();
  await choose(page, "Ta emot");
  for (const [number, loan] of loans.slice(0, 5).entries()) {
    await type(page, loan.kit_code);
    await rows(page).nth(number).getByText("Sparad i mobilen").waitFor();
  }
  await told(page, "skickas när nätet är tillbaka");
  await type(page, loans[0].kit_code);
  await told(page, "är redan skannad");
  await page.getByText("5 skanningar väntar i mobilen.").waitFor();
  await becomes(async () => new Set(await statuses(loans)), new Set(["out"]));
  const asked = page.waitForEvent("dialog");
  const leaving = signOut(page);
  assert.match((await asked).message(), /5 skanningar väntar/);
  await (await asked).dismiss();
  await leaving;
  // Who agrees to it is still signed in while the server does not know, and keeps the page.
  const dialogs = [];
  page.on("dialog", (dialog) => { dialogs.push(dialog.message()); dialog.accept(); });
  await signOut(page);
  while (dialogs.length < 2) await page.waitForTimeout(50);
  assert.match(dialogs[1], /^Servern svarar inte/);
  // A box that was scanned by mistake can be taken back also here, and another one scanned.
  await type(page, loans[5].kit_code);
  const wrong = rows(page).first();
  await wrong.getByText("Sparad i mobilen").waitFor();
  await wrong.getByRole("button", { name: /^Ångra/ }).click();
  await told(page, "Ångra");
  await page.close();

  // Meanwhile somebody else receives one of them at the door.
  await api.warehouse.post("/scans", { code: loans[2].kit_code, action: "receive" });
  const again = await context.newPage();
  await again.goto(`${way.origin}/lager/skanna`);
  await again.getByText(/[56] skanningar väntar i mobilen/).waitFor();
  way.cut(false);
  await again.getByRole("button", { name: "Skicka nu" }).click();
  await again.locator("[data-waiting]").waitFor({ state: "hidden" });
  await rows(again).filter({ hasText: "Att reda ut" }).waitFor();
  assert.equal(await rows(again).filter({ hasText: "Mottagen" }).count(), 4);
  await becomes(() => statuses(loans), [...Array(5).fill("received"), "out"]);
  await becomes(() => receipts(loans), [1, 1, 1, 1, 1, 0]);

  await again.goto(`${server.origin}/lager`);
  await again.getByRole("link", { name: "1 Att reda ut" }).click();
  await again.getByText("Mobilen säger").waitFor();
  assert.deepEqual(await allTroubles(again), []);
  await again.getByRole("button", { name: /^Låt det vara som det är/ }).click();
  await again.getByText("Utrett.").waitFor();
  assert.equal((await api.warehouse.get("/late-scans")).items.length, 0);
  way.close();
});

test("a server that dies before it has answered has received each box once", LIMIT, async () => {
  const loans = await out("Makey Makey", 2);
  // One answer is lost, and the server dies.
  let crashed;
  const way = await between();
  way.lose = (incoming) => {
    if (crashed || incoming.method !== "POST" || incoming.url !== "/api/v1/scans") return false;
    crashed = server.crash();
    return true;
  };
  try {
    const page = await warehouse(browser, way.origin);
    await choose(page, "Ta emot");
    await type(page, loans[0].kit_code);
    await told(page, "Sparad i mobilen");
    await crashed;
    await type(page, loans[1].kit_code);
    await told(page, "Mottagen");
    await rows(page).filter({ hasText: "Sparad i mobilen" }).first().waitFor({ state: "detached" });
    await becomes(() => statuses(loans), ["received", "received"]);
    await becomes(() => receipts(loans), [1, 1]);
  } finally {
    way.close();
  }
});

test("two phones scan the same box at the same moment", LIMIT, async () => {
  const [loan] = await out("Ozobot", 1);
  const phones = [await warehouse(), await warehouse()];
  for (const phone of phones) {
    await choose(phone, "Ta emot");
    await phone.locator("#code").fill(loan.kit_code);
  }
  await Promise.all(phones.map((phone) => phone.locator("#code").press("Enter")));
  await Promise.all(phones.map((phone) => phone.locator(".result", { hasNotText: "Registrerar" }).first().waitFor()));
  const words = await Promise.all(phones.map((phone) => phone.locator(".result h2").first().textContent()));
  assert.deepEqual(words.sort(), ["Inget ändrat", "Mottagen"]);
  await becomes(() => receipts([loan]), [1]);
});

test("a label that the phone's own camera reads joins the scans that go on", LIMIT, async () => {
  const loans = await out("Dash", 2);
  const page = await warehouse();
  await choose(page, "Ta emot");
  await type(page, loans[0].kit_code);
  await told(page, "Mottagen");
  // A link leads here too, and registers nothing; the camera comes from nowhere.
  const link = await page.context().newPage();
  await link.setContent(`<a rel="noreferrer" href="${server.origin}/K/${loans[1].kit_code}">Lådan</a>`);
  await link.getByRole("link").click();
  await link.getByRole("heading", { name: /^Dash/ }).waitFor();
  await link.waitForTimeout(500);
  await becomes(() => statuses(loans), ["received", "out"]);
  await link.close();
  const camera = await page.context().newPage();
  await camera.goto(`${server.origin}/K/${loans[1].kit_code}`);
  await camera.getByRole("alert").getByText("Registrerad").waitFor();
  assert.equal(await camera.getByRole("button", { name: "Ångra" }).isVisible(), true);
  await rows(page).nth(1).waitFor();
  await becomes(() => statuses(loans), ["received", "received"]);
  // Looked at again, it registers nothing.
  await camera.reload();
  await camera.getByRole("link", { name: "Till listan" }).waitFor();
  assert.deepEqual(await allTroubles(camera), []);
  await becomes(() => receipts(loans), [1, 1]);

  assert.ok(await camera.evaluate(() => localStorage.getItem("known-kits")));
  // Who signs out leaves neither their page nor their list on the phone.
  await signOut(camera);
  await camera.getByRole("link", { name: "Logga in" }).first().waitFor({ state: "attached" });
  assert.deepEqual(await camera.evaluate(() => caches.keys()), []);
  assert.equal(await camera.evaluate(() => localStorage.getItem("known-kits")), null);
  const left = () => new Promise((done) => {
    indexedDB.open("digilador").onsuccess = ({ target }) => {
      target.result.transaction("scans").objectStore("scans").count().onsuccess = (event) => done(event.target.result);
    };
  });
  assert.equal(await camera.evaluate(left), 0);
});
