// Labels as the warehouse prints them: kits are chosen on the page, and what comes out is read by other programs; what a
// label printer is sent is drawn by a renderer that knows its language.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ready } from "zpl-renderer-js";
import { LIMIT, launch, screens } from "./support/browser.mjs";
import { demoPage } from "./support/demo.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

const run = promisify(execFile);
const MILLIMETRES_IN_AN_INCH = 25.4;

let browser, server, folder;
before(async () => {
  browser = await launch();
  server = await startServer({ demo: true });
  folder = await mkdtemp(join(tmpdir(), "digilador-labels-"));
});
after(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** What ZBar reads in a picture. */
async function read(picture) {
  const path = join(folder, "picture.png");
  await writeFile(path, picture);
  const { stdout } = await run("zbarimg", ["--quiet", "--raw", path]);
  return stdout.trim().split("\n");
}

test("kits are chosen, the page follows, and the labels come out", LIMIT, async () => {
  const warehouse = await demoPage(browser, server.origin, "lager", screens.phone);
  await warehouse.goto("/lager/etiketter");
  const picture = warehouse.getByRole("img", { name: "Så här blir första sidan" });
  await picture.waitFor();
  const before = await picture.getAttribute("src");
  const kit = warehouse.getByRole("group", { name: "Lådor" }).getByRole("checkbox").first();
  await kit.check();
  await warehouse.getByLabel("Etikettark eller rulle").first().selectOption("L7160");
  assert.notEqual(await picture.getAttribute("src"), before, "the picture follows what is chosen");
  // The sheet follows the printer, and typed codes stand on it too, whatever else was typed.
  await warehouse.getByLabel("Skrivare", { exact: true }).first().selectOption({ label: "Lagrets etikettskrivare (demo)" });
  assert.equal(await warehouse.getByLabel("Etikettark eller rulle").first().inputValue(), "DK-22205");
  await warehouse.getByLabel("Skrivare", { exact: true }).first().selectOption("");
  await warehouse.getByLabel("Etikettark eller rulle").first().selectOption("L7160");
  const other = await warehouse.getByRole("group", { name: "Lådor" }).getByRole("checkbox").nth(1).inputValue();
  await warehouse.getByLabel("Skannade eller skrivna koder").fill(`7K3-M9QX\n${other}`);
  await warehouse.getByLabel("Antal av varje").focus();
  await warehouse.waitForFunction((code) => document.querySelector("img.sheet").src.includes(code), other);
  const drawn = await (await warehouse.context().request.get(await picture.getAttribute("src"))).text();
  assert.equal(drawn.match(/<path/g).length, 2, "a code that is none leaves the others on the sheet");
  await warehouse.getByLabel("Skannade eller skrivna koder").fill("");
  await warehouse.waitForFunction(() => { const image = document.querySelector("img.sheet"); return image.complete && image.naturalWidth > 0; });
  warehouse.troubles.push(...(await allTroubles(warehouse)));

  // From here on the browser's own viewer of PDFs asks for files of its own.
  assert.deepEqual(warehouse.troubles, []);
  const code = (await kit.inputValue()).replace("-", "");
  const [answer] = await Promise.all([
    warehouse.waitForEvent("response", (response) => response.request().method() === "POST"),
    warehouse.getByRole("button", { name: "Skriv ut valda" }).click(),
  ]);
  assert.equal(answer.headers()["content-type"], "application/pdf");
  // The browser shows the PDF itself; its bytes are asked for once more.
  const form = { code, kind: "box", sheet: "L7160", start: "1", copies: "1" };
  const printed = await warehouse.context().request.post("/lager/etiketter", { form, headers: { origin: server.origin } });
  const pdf = join(folder, "labels.pdf");
  await writeFile(pdf, await printed.body());
  await run("pdftoppm", ["-r", "300", "-gray", "-png", "-singlefile", pdf, join(folder, "labels")]);
  const { stdout } = await run("zbarimg", ["--quiet", "--raw", join(folder, "labels.png")]);
  assert.ok(stdout.trim().endsWith(`/K/${code}`), stdout);
});

test("kits are chosen by scanning them, and stay chosen", LIMIT, async () => {
  const warehouse = await demoPage(browser, server.origin, "lager", screens.phone);
  await warehouse.goto("/lager/etiketter");
  const code = await warehouse.getByRole("group", { name: "Lådor" }).getByRole("checkbox").nth(2).inputValue();
  const kit = warehouse.locator(`input[name=code][value="${code}"]`);
  await warehouse.getByText("Välj genom att skanna").click();
  await warehouse.locator("[data-camera] [data-start]").waitFor();
  await warehouse.locator("#code").fill(code.toLowerCase());
  await warehouse.locator("#code").press("Enter");
  await warehouse.getByRole("heading", { name: "Vald" }).waitFor();
  assert.ok(await kit.isChecked());
  await warehouse.waitForFunction((code) => new URL(document.querySelector("img.sheet").src).searchParams.get("codes") === code, code);
  warehouse.troubles.push(...(await allTroubles(warehouse)));
  // A code that nobody has is not chosen; nor is a label that was replaced, but the one in its place.
  await warehouse.locator("#code").fill("00016JD");
  await warehouse.locator("#code").press("Enter");
  await warehouse.getByRole("alert").getByText("Stopp").waitFor();
  await warehouse.getByRole("button", { name: "Jag har sett det" }).click();
  const old = (await warehouse.getByRole("group", { name: "Lådor" }).getByRole("checkbox").nth(3).inputValue()).replace("-", "");
  const replaced = await warehouse.context().request.post(`/api/v1/kits/${old}/replace-code`, { headers: { origin: server.origin } });
  assert.ok(replaced.ok(), await replaced.text());
  const { code: now } = await replaced.json();
  await warehouse.goto(`/lager/etiketter?code=${code}`);
  await warehouse.getByText("Välj genom att skanna").click();
  await warehouse.locator("[data-camera] [data-start]").waitFor();
  await warehouse.locator("#code").fill(old);
  await warehouse.locator("#code").press("Enter");
  await warehouse.locator(".result", { hasText: "är ersatt" }).waitFor();
  const inPlace = warehouse.locator(`input[name=code][value="${now.slice(0, 3)}-${now.slice(3)}"]`);
  assert.ok(await inPlace.isChecked());
  await inPlace.uncheck();
  // Another shelf is looked at, where it is not.
  await warehouse.getByRole("textbox", { name: "Hyllplats" }).fill("Ö");
  await warehouse.getByRole("button", { name: "Visa", exact: true }).click();
  await warehouse.waitForURL(/shelf=/);
  assert.ok(await kit.isChecked());
  assert.deepEqual(warehouse.troubles.filter((trouble) => !/404|409/.test(trouble)), []);
});

test("a demo label says so on every stock", LIMIT, async () => {
  const warehouse = await demoPage(browser, server.origin, "lager");
  await warehouse.goto("/lager/etiketter");
  const code = (await warehouse.getByRole("group", { name: "Lådor" }).getByRole("checkbox").first().inputValue()).replace("-", "");
  const stock = await (await warehouse.context().request.get("/api/v1/label-stock")).json();
  assert.ok(stock.length > 10);
  for (const { name } of stock) {
    for (const kind of ["box", "part"]) {
      const label = await warehouse.context().request.get(`/api/v1/kits/${code}/label.svg?size=${name}&kind=${kind}`);
      assert.match(await label.text(), />DEMO/, `${name}, ${kind}`);
    }
  }
});

test("a label printer's language draws the same label, dot by dot", LIMIT, async () => {
  const { api } = await ready;
  const warehouse = await demoPage(browser, server.origin, "lager");
  await warehouse.goto("/lager/etiketter");
  const code = (await warehouse.getByRole("checkbox", { name: /./ }).nth(1).inputValue()).replace("-", "");
  const ask = async (path) => (await warehouse.context().request.get(`/api/v1/kits/${code}/${path}`)).body();
  for (const [size, width, height, dots] of [["99.1x38.1", 99.1, 38.1, 203], ["62x38", 62, 38, 300], ["99012", 36, 89, 300]]) {
    const zpl = (await ask(`label.zpl?size=${size}&dpi=${dots}`)).toString();
    const drawn = Buffer.from(await api.zplToBase64Async(zpl, width, height, dots / MILLIMETRES_IN_AN_INCH), "base64");
    const expected = await ask(`label.png?size=${size}&dpi=${dots}`);
    const payload = await read(drawn);
    assert.ok(payload.length === 1 && payload[0].endsWith(`/K/${code}`), `${size}: ${payload}`);
    assert.deepEqual(await read(expected), payload);
    assert.equal(await differing(warehouse, drawn, expected), 0, `${size} at ${dots} dots`);
  }
});

/** How many dots of two pictures differ in the part that both have. */
async function differing(page, one, other) {
  const addresses = [one, other].map((picture) => `data:image/png;base64,${picture.toString("base64")}`);
  return page.evaluate(async (pictures) => {
    const images = await Promise.all(pictures.map((source) => new Promise((done) => { const image = new Image(); image.onload = () => done(image); image.src = source; })));
    const width = Math.min(...images.map((image) => image.width));
    const height = Math.min(...images.map((image) => image.height));
    const dots = images.map((image) => {
      const canvas = new OffscreenCanvas(width, height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      return canvas.getImageData(0, 0, width, height).data;
    });
    return dots[0].reduce((count, value, at) => count + ((value < 128) !== (dots[1][at] < 128) ? 1 : 0), 0);
  }, addresses);
}

test("the list of prints follows what becomes of them by itself", LIMIT, async () => {
  const warehouse = await demoPage(browser, server.origin, "lager", screens.phone);
  await warehouse.goto("/lager/etiketter");
  await warehouse.getByRole("group", { name: "Lådor" }).getByRole("checkbox").first().check();
  await warehouse.getByLabel("Skrivare", { exact: true }).first().selectOption({ label: "Lagrets etikettskrivare (demo)" });
  await warehouse.getByRole("button", { name: "Skriv ut valda" }).click();
  await warehouse.waitForURL(/utskrifter/);
  const cancel = await warehouse.locator("form[action$='/avbryt']").first().getAttribute("action");
  // Somebody else calls it off.
  const colleague = await demoPage(browser, server.origin, "lager");
  const answer = await colleague.context().request.post(new URL(cancel, server.origin).href, { headers: { origin: server.origin } });
  assert.ok(answer.ok(), `${answer.status()}`);
  // The printer may have been asked already, and answers late.
  await warehouse.locator("#jobs .ds-tag", { hasText: /Avbruten|Avbryts/ }).waitFor();
  await warehouse.context().close();
  await colleague.context().close();
});
