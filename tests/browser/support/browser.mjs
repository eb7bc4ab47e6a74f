// Chromium, the screens that people have, and a watch over everything a page must not do.

import { chromium } from "playwright-core";

/** A phone and a desktop. */
export const screens = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 900 } },
};

/** How long anything on a page may take, in milliseconds. A busy machine is slow, and that is no error. */
export const PATIENCE = 30_000;
/** A whole test may take so long. */
export const LIMIT = { timeout: 300_000 };

/** Starts a browser; `more` are further arguments of Chromium. */
export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ...more,
    ],
  });
}

/**
 * A page in a context of its own, as one person on one screen has it. `page.troubles` collects what must not happen:
 * errors in the console, violations of the content security policy, files that are missing, requests to other hosts.
 */
export async function newPage(browser, origin, options = screens.desktop) {
  const context = await browser.newContext({ baseURL: origin, locale: "sv-SE", timezoneId: "Europe/Stockholm", ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.troubles = [];
  const trouble = (text) => page.troubles.push(`${new URL(page.url(), origin).pathname}: ${text}`);
  page.on("pageerror", (error) => trouble(error.message));
  page.on("console", (message) => {
    // Chromium logs an answer with an error status, too; what page has which status is asked for elsewhere.
    const answered = message.text().startsWith("Failed to load resource: the server responded");
    if (["error", "warning"].includes(message.type()) && !answered) trouble(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) trouble(`asked for ${request.url()}`);
  });
  page.on("response", (response) => {
    const asked = response.request();
    if (response.status() >= 500 || (response.status() >= 400 && asked.resourceType() !== "document")) {
      trouble(`${response.status()} for ${asked.method()} ${asked.url()}`);
    }
  });
  return page;
}

/** Goes on by the links in the head of the page, which a phone has in a menu. */
export async function goBy(page, name) {
  const menu = page.getByRole("button", { name: "Meny", exact: true });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("navigation", { name: "Huvudmeny" }).getByRole("link", { name, exact: true }).click();
}

/** Signs in as a person does: types the address, and then the code from the mail, or follows the mail's link. */
export async function signIn(page, mailbox, email, way = "code") {
  await page.goto("/logga-in");
  await page.getByLabel("Din e-postadress i arbetet").fill(email);
  await page.getByRole("button", { name: "Skicka koden" }).click();
  const code = page.getByLabel("Kod", { exact: true });
  await code.waitFor();
  const mail = await mailbox.next(email, /kod/);
  if (way === "link") {
    await page.goto(mail.link);
  } else {
    await code.fill(mail.code);
  }
  await page.getByRole("main").getByRole("button", { name: "Logga in" }).click();
  await signOutButton(page).waitFor({ state: "attached" });
}

function signOutButton(page) {
  return page.locator('form[action="/logga-ut"] button');
}
