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
  await page.getByRole("link", { name: "Kontrollera" }).first().waitFor();
  const waiting = await page.locator("main .item").count();
  assert.ok(waiting >= 2, `${waiting} kits wait`);
  page.troubles.push(...(await allTroubles(page)));

  // All there: one tap.
  await page.getByRole("link", { name: "Kontrollera" }).first().click();
  page.troubles.push(...(await allTroubles(page)));
  await page.getByRole("button", { name: "Allt med" }).click();
  await page.getByText("Kontrollen är sparad: allt var med.").waitFor();
  // And one to the next.
  await page.getByRole("link", { name: /^Nästa: / }).click();
  await page.getByRole("button", { name: "Allt med" }).waitFor();

  // One less: the line opens, and says how.
  await page.goto("/lager/kontroll");
  assert.equal(await page.locator("main .item").count(), waiting - 1);
  await page.getByRole("link", { name: "Kontrollera" }).first().click();
  const line = page.locator(".check-line").first();
  const name = await line.locator("h3").textContent();
  const should = Number(await line.locator("input[name=count]").inputValue());
  // What is told of a line without a number is asked for, and not lost; a large photo leaves smaller than it is.
  await line.getByText("Berätta mer").click();
  await line.getByLabel("Vad bör nästa person veta?").fill("Hjulet är av");
  await line.getByLabel("Foto").setInputFiles({ name: "stor.png", mimeType: "image/png", buffer: await noise(page) });
  await page.waitForFunction(() => document.querySelector("[name=photo]").files[0]?.name === "stor.jpg");
  await page.getByRole("button", { name: "Spara kontrollen" }).click();
  await page.getByText("Hur många saknas eller är trasiga?").first().waitFor();
  assert.equal(await line.getByLabel("Vad bör nästa person veta?").inputValue(), "Hjulet är av");
  await line.getByRole("button", { name: `En färre: ${name}` }).click();
  assert.equal(Number(await line.locator("input[name=count]").inputValue()), should - 1);
  await line.getByLabel("Vad är det med resten?").selectOption("broken");
  await page.getByRole("button", { name: "Spara kontrollen" }).click();
  await page.getByText("Kontrollen är sparad.").waitFor();
  await page.getByText(`1 ${name} – trasig`).first().waitFor();
  await page.getByText("Hjulet är av").first().waitFor();
  await page.getByText("Lånas inte ut utan den").waitFor();
  page.troubles.push(...(await allTroubles(page)));

  // Mended, it can be lent again.
  await page.getByText("Vad blev det av den?").first().click();
  await page.getByRole("button", { name: "Ersatt eller lagad" }).first().click();
  await page.getByText("Sparat.").waitFor();
  assert.equal(await page.getByText("Lånas inte ut utan den").count(), 0);
  assert.deepEqual(page.troubles.filter((trouble) => !trouble.includes("422")), []);
  await page.context().close();
});

/** A picture as large as a phone's, of dots that cannot be told in few words. */
async function noise(page) {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2600, height: 1200 });
    const context = canvas.getContext("2d");
    const dots = context.createImageData(canvas.width, canvas.height);
    for (let dot = 0; dot < dots.data.length; dot += 1) dots.data[dot] = dot % 4 === 3 ? 255 : Math.random() * 255;
    context.putImageData(dots, 0, 0);
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.split(",")[1], "base64");
}
