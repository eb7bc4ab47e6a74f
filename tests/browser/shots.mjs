// Pictures of the demo's pages, to be looked at: node shots.mjs [FOLDER [VISITOR...]], by default ../../target/shots of all.
// node shots.mjs picture makes the picture of the README instead.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, newPage, screens } from "./support/browser.mjs";
import { demoPage, reachable, visitors } from "./support/demo.mjs";
import { startServer } from "./support/server.mjs";

const root = join(import.meta.dirname, "../..");
const [wish = join(root, "target/shots"), ...wanted] = process.argv.slice(2);

const browser = await launch();
const server = await startServer({ demo: true });
try {
  await (wish === "picture" ? picture(join(root, "docs/picture.png")) : all(wish));
} finally {
  await browser.close();
  await server.stop();
}

/** Every page of everyone, on both screens, in light and dark. */
async function all(folder) {
  await mkdir(folder, { recursive: true });
  for (const who of wanted.length > 0 ? wanted : visitors) {
    const addresses = await reachable(await demoPage(browser, server.origin, who));
    for (const [screen, options] of Object.entries(screens)) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await demoPage(browser, server.origin, who, { ...options, colorScheme });
        for (const address of addresses) {
          await page.goto(address);
          const name = address.replaceAll(/[^0-9a-z-]+/gi, "_").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "id").replace(/^_$/, "_start");
          await page.screenshot({ path: join(folder, `${who}${name}-${screen}-${colorScheme}.png`), fullPage: true });
        }
        await page.context().close();
      }
    }
  }
}

/** A kit type with its weeks, on a desktop and on a phone, side by side. */
async function picture(path) {
  const [desktop, phone] = [await shot({ width: 1160, height: 900 }), await shot({ width: 360, height: 900 })];
  const page = await newPage(browser, server.origin, { viewport: { width: 1640, height: 980 } });
  const image = (bytes) => `<img src="data:image/png;base64,${bytes.toString("base64")}">`;
  await page.setContent(`
    <style>
      body { margin: 0; padding: 40px; display: flex; gap: 40px; align-items: center; background: #e9e4da; box-sizing: border-box; width: 1640px; height: 980px; }
      img { display: block; border-radius: 14px; box-shadow: 0 2px 6px #0002, 0 12px 32px #0002; }
      img + img { border-radius: 32px; }
    </style>
    ${image(desktop)}${image(phone)}`);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, await page.screenshot());
  const { length } = await readFile(path);
  if (length > 300_000) throw new Error(`${path} has ${length} bytes, which is more than a README should load`);
}

async function shot(viewport) {
  const page = await demoPage(browser, server.origin, "låntagare", { viewport, colorScheme: "light" });
  await page.goto("/lador");
  await page.getByRole("link", { name: /^Bee-Bot/ }).click();
  // What only the demo has is not what the product looks like.
  await page.locator(".demo").evaluate((banner) => { banner.hidden = true; });
  const bytes = await page.screenshot();
  await page.context().close();
  return bytes;
}
