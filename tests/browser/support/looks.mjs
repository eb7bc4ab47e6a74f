// What every page must hold to, whoever reads it: nothing too wide, nothing unreadable, no text left out.

import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

/** English words that no Swedish page has a use for. */
const ENGLISH =
  /\b(the|and|your|loans?|kits|save|cancel|search|warehouse|borrower|evaluations?|returned|received|reserved|overdue|submit|weeks?|days|please|something|settings|unknown|error|mail|label|code|scan|sheet|draft|shelf|unit|page|with|this|not)\b/i;

/** The first words of the texts' keys, as in `kits` of `kits-week-free`. */
const features = await featuresOfTexts();
const KEY = new RegExp(`(?<![\\w/.@-])(${[...features].join("|")})(-[a-z0-9_]+)+(?![\\w.@/])`);

async function featuresOfTexts() {
  const folder = join(import.meta.dirname, "../../../assets/locales/sv");
  const features = new Set();
  for (const name of await readdir(folder)) {
    for (const [, feature] of (await readFile(join(folder, name), "utf8")).matchAll(/^([a-z]+)-[a-z0-9_-]+ =/gm)) features.add(feature);
  }
  return features;
}

/** What is wrong with the words on the page. */
export async function wordTroubles(page) {
  const troubles = [];
  const { lang, text, foreign } = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    text: document.body.innerText,
    // Names of languages are written in their own.
    foreign: [...document.querySelectorAll("body [lang]")].map((element) => element.innerText),
  }));
  const raw = KEY.exec(text);
  if (raw) troubles.push(`shows the key ${raw[0]}`);
  if (lang === "sv") {
    const swedish = foreign.reduce((rest, words) => rest.replace(words, ""), text);
    const english = ENGLISH.exec(swedish);
    if (english) troubles.push(`says "${around(swedish, english)}" in Swedish`);
  }
  return troubles;
}

function around(text, { index, 0: word }) {
  return text.slice(Math.max(0, index - 30), index + word.length + 30).replaceAll(/\s+/g, " ").trim();
}

/** What is wider than the screen. */
export function widthTroubles(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1);
    const names = wide.slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    return [`scrolls sideways at ${width} px, for ${names.join(", ") || "something"}`];
  });
}

/**
 * What axe finds that is serious or critical.
 *
 * @param {string[]} [rules] only these rules
 */
export async function accessTroubles(page, rules) {
  // The page's own policy forbids scripts in the page; a tool of the browser may still run one.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    async (only) => {
      const runOnly = only ? { type: "rule", values: only } : { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
      const { violations } = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
      return violations
        .filter((violation) => ["serious", "critical"].includes(violation.impact))
        .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
    },
    rules,
  );
  return found.map((text) => `axe finds ${text}`);
}

/** All of it, for the page as it stands once it is there: a click on a link ends when the next page has begun. */
export async function allTroubles(page) {
  await page.waitForLoadState();
  return [...(await wordTroubles(page)), ...(await widthTroubles(page)), ...(await accessTroubles(page))];
}
