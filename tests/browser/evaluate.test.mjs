// An evaluation from a mailed link, without an account: begun on a phone, interrupted, gone on with by a colleague on a
// desktop; by two at once; without network, and without JavaScript; and the links that open nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./support/api.mjs";
import { LIMIT, launch, newPage, screens } from "./support/browser.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

const organisation = "Lindvalla kommun";
const mailbox = (name) => `${name}@lindvalla.example`;

let browser, server, admin, lender, kitType;
before(async () => {
  browser = await launch();
  server = await startServer();
  await server.cli("init", "--organisation", organisation, "--admin", mailbox("erik"));
  admin = await apiOf("erik");
  await server.cli("person", "add", "--email", mailbox("anna"), "--name", "Anna Berglund", "--role", "developer", "--role", "warehouse");
  lender = await apiOf("anna");
  const contents = [{ name: "Bee-Bot", quantity: 6, kind: "essential" }];
  kitType = (await admin.post("/kit-types", { name: "Bee-Bot", loan_days: 21, turnaround_days: 0, contents })).id;
});
after(async () => {
  await browser.close();
  await server.stop();
});

async function apiOf(name) {
  return new Api(server.origin, await server.cli("token", "create", "--email", mailbox(name)));
}

let units = 0;
/** A kit that is handed out to a preschool of its own; and the link from its mail. */
async function handedOut() {
  const name = `lyktan${++units}`;
  const unit = (await admin.post("/units", { name: `Lyktans förskola ${units}`, email: mailbox(name) })).id;
  await admin.post("/kits", { kit_type_id: kitType });
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date());
  const { next_free: free } = await lender.get(`/kit-types/${kitType}/availability?from=${today}&to=${today}`);
  const loan = await lender.post("/loans", { kit_type_id: kitType, unit_id: unit, ...free });
  await lender.post("/scans", { code: loan.kit_code, action: "hand_out", loan_id: loan.id });
  const mail = await server.mailbox.next(mailbox(name), /är på väg till er/);
  return { name, loan: loan.id, code: loan.kit_code, link: /https?:\/\/\S+\/utvardering\/\S+/.exec(mail.text)[0] };
}

/** A page on which somebody has followed the link. */
async function follow(link, options) {
  const page = await newPage(browser, server.origin, options);
  await page.goto(link);
  await page.getByRole("heading", { name: /^Utvärdering av Bee-Bot/ }).waitFor();
  return page;
}

async function choose(page, question, answer) {
  await page.getByRole("group", { name: question }).getByText(answer, { exact: true }).click();
}

function saved(page) {
  return page.getByRole("status").getByText("Sparat", { exact: true }).waitFor();
}

async function theRest(page) {
  await choose(page, "Hur gamla var barnen?", "4 år");
  await page.getByLabel("Ungefär hur många barn fick prova?").fill("12");
  await page.getByLabel("Hur reagerade barnen?").fill("De skrattade och ville köra igen.");
  await choose(page, "Barnen tyckte att det var roligt.", "Stämmer helt");
  await choose(page, "Det var lätt för oss vuxna att komma igång.", "Stämmer bra");
  await choose(page, "Skulle ni låna lådan igen?", "Ja");
  await choose(page, "Får vi visa era svar för andra förskolor?", "Ja, med förskolans namn");
}

function send(page) {
  return page.getByRole("button", { name: "Skicka in" }).click();
}

async function look(page) {
  page.troubles.push(...(await allTroubles(page)));
}

async function quiet(...pages) {
  assert.deepEqual(pages.flatMap((page) => page.troubles), []);
  for (const page of pages) await page.context().close();
}

test("begun on a phone, interrupted half-way, finished on a desktop", LIMIT, async () => {
  const { loan, link } = await handedOut();
  const phone = await follow(link, screens.phone);
  await look(phone);
  assert.equal(await phone.locator("meta[name=robots]").count(), 0);
  await choose(phone, "Använde ni lådan?", "Ja, flera gånger");
  await phone.getByLabel("Hur gjorde ni?").fill("Vi byggde en bana av tejp på golvet.");
  await saved(phone);
  await look(phone);
  assert.equal((await lender.get(`/loans/${loan}`)).evaluation, "draft");
  // The tablet is put away in the middle of a word, and the server loses its power.
  await phone.getByLabel("Ett tips till kollegor").fill("Börja utan rob");
  await quiet(phone);
  await server.crash();

  const desktop = await follow(link, screens.desktop);
  await desktop.getByText("Ni har ett utkast.").waitFor();
  assert.equal(await desktop.getByLabel("Hur gjorde ni?").inputValue(), "Vi byggde en bana av tejp på golvet.");
  await look(desktop);
  await send(desktop);
  await desktop.getByRole("alert").getByRole("heading", { name: "Något behöver ändras" }).waitFor();
  await look(desktop);
  await theRest(desktop);
  await desktop.getByLabel("Ett tips till kollegor").fill("Börja utan robot.");
  await desktop.getByLabel("Hur gjorde ni?").fill("Vi byggde en bana, och då visade Alva hur man backar.");
  await saved(desktop);
  await send(desktop);
  await desktop.getByRole("heading", { name: "Står det ett namn här?" }).waitFor();
  await look(desktop);
  await desktop.getByLabel("Hur gjorde ni?").fill("Vi byggde en bana, och då visade ett barn hur man backar.");
  await send(desktop);
  await desktop.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }).waitFor();
  await look(desktop);
  assert.equal((await lender.get(`/loans/${loan}`)).evaluation, "submitted");

  // A developer puts it into the idea bank. The next ones are paid back with it, and whoever opens the link again sees the
  // thanks.
  const [{ id }] = (await lender.get("/evaluations")).items;
  await lender.post(`/evaluations/${id}/marks`, { shared: true });
  const next = await handedOut();
  const other = await follow(next.link, screens.phone);
  await choose(other, "Använde ni lådan?", "Nej");
  assert.equal(await other.getByLabel("Hur gjorde ni?").isVisible(), false);
  await choose(other, "Vad kom emellan?", "Tiden räckte inte");
  await send(other);
  await other.getByText("Börja utan robot.").waitFor();
  await other.getByRole("heading", { name: "Nästa lediga tid för en sådan låda" }).waitFor();
  await look(other);
  await desktop.goto(link);
  await desktop.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }).waitFor();
  await quiet(desktop, other);
});

test("what is missing is told part by part, and the warehouse knows it", LIMIT, async () => {
  const { code, link } = await handedOut();
  const phone = await follow(link, screens.phone);
  await choose(phone, "Använde ni lådan?", "Nej");
  await choose(phone, "Vad kom emellan?", "Tiden räckte inte");
  // All is there: one tap, and nothing more is asked.
  await choose(phone, "Är allt med och helt?", "Ja");
  assert.equal(await phone.getByLabel("Saknas, Bee-Bot").isVisible(), false);
  await choose(phone, "Är allt med och helt?", "Något saknas");
  await saved(phone);
  await phone.getByLabel("Saknas, Bee-Bot").fill("2");
  await saved(phone);
  await look(phone);
  // A colleague goes on without JavaScript.
  const plain = await follow(link, { ...screens.desktop, javaScriptEnabled: false });
  assert.equal(await plain.getByLabel("Saknas, Bee-Bot").inputValue(), "2");
  await plain.getByLabel("Trasiga, Bee-Bot").fill("9");
  await send(plain);
  await plain.getByRole("alert").getByText("Talet är för stort.").first().waitFor();
  await plain.getByLabel("Trasiga, Bee-Bot").fill("1");
  await send(plain);
  await plain.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }).waitFor();
  const { open } = await lender.get(`/kits/${code}/contents`);
  assert.deepEqual(open.map(({ kind, quantity }) => [kind, quantity]), [["missing", 2], ["broken", 1]]);
  await phone.goto(link);
  await phone.getByText("Så svarade ni").click();
  await phone.getByText("Bee-Bot: 2 saknas").waitFor();
  await look(phone);
  await quiet(phone, plain);
});

test("two write at once: nobody's answer is lost unseen, and one of them sends it", LIMIT, async () => {
  const { link } = await handedOut();
  const [one, two] = [await follow(link, screens.phone), await follow(link, screens.desktop)];
  await choose(one, "Använde ni lådan?", "Ja, en gång");
  await one.getByLabel("Hur gjorde ni?").fill("Vi ritade en karta.");
  await saved(one);
  // The other page had none of it; it takes in what it did not answer itself, and shows what both answered.
  await two.getByLabel("Ett tips till kollegor").fill("Vila emellan.");
  await saved(two);
  assert.equal(await two.getByLabel("Hur gjorde ni?").inputValue(), "Vi ritade en karta.");
  assert.equal(await two.getByRole("radio", { name: "Ja, en gång" }).isChecked(), true);
  await one.getByLabel("Hur reagerade barnen?").fill("De jublade.");
  await saved(one);
  assert.equal(await one.getByLabel("Ett tips till kollegor").inputValue(), "Vila emellan.");
  await two.getByLabel("Hur reagerade barnen?").fill("De somnade.");
  const contest = two.getByRole("alert").filter({ hasText: "De jublade." });
  await contest.waitFor();
  await look(two);
  await two.getByLabel("Ungefär hur många barn fick prova?").fill("9");
  await two.getByRole("status").getByText("Resten är sparat.").waitFor();
  await one.reload();
  assert.equal(await one.getByLabel("Hur reagerade barnen?").inputValue(), "De jublade.");
  assert.equal(await one.getByLabel("Ungefär hur många barn fick prova?").inputValue(), "9");
  await contest.getByRole("button", { name: "Behåll vårt svar" }).click();
  await saved(two);
  await one.reload();
  assert.equal(await one.getByLabel("Hur reagerade barnen?").inputValue(), "De somnade.");

  await theRest(two);
  await saved(two);
  await one.reload();
  await one.getByLabel("Hur gjorde ni?").fill("Vi ritade en karta, och gick efter den.");
  await send(two);
  await two.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }).waitFor();
  // The other one's page hears of it: it cannot save any more.
  await one.getByRole("status").getByText("Det går inte att spara här längre.").waitFor();
  assert.equal(await one.evaluate(() => localStorage.length), 0, "what can never be saved does not stay on the device");
  one.troubles.splice(0);
  await send(one);
  await one.getByRole("heading", { name: "En kollega hann skicka in först" }).waitFor();
  await one.getByText("Vi ritade en karta, och gick efter den.").waitFor();
  await look(one);
  await quiet(one, two);
});

test("without network the page says so, and saves when it is back", LIMIT, async () => {
  const { loan, link } = await handedOut();
  const page = await follow(link, screens.phone);
  await page.context().setOffline(true);
  await page.getByLabel("Hur gjorde ni?").fill("Vi byggde i källaren.");
  await page.getByRole("status").getByText("Inte sparat än.").waitFor();
  page.troubles.splice(0);
  await look(page);
  assert.equal((await lender.get(`/loans/${loan}`)).evaluation, "not_started");
  // Neither button leaves the page.
  for (const button of ["Spara och fortsätt senare", "Skicka in"]) {
    await page.getByRole("button", { name: button }).click();
    await page.getByRole("status").getByText("Inte sparat än.").waitFor();
    assert.equal(await page.getByLabel("Hur gjorde ni?").inputValue(), "Vi byggde i källaren.");
  }
  await page.context().setOffline(false);
  await saved(page);
  assert.equal((await lender.get(`/loans/${loan}`)).evaluation, "draft");
  page.troubles = page.troubles.filter((trouble) => !trouble.includes("ERR_INTERNET_DISCONNECTED"));
  await quiet(page);
});

test("a page that is thrown away without network leaves what was written on the device", LIMIT, async () => {
  const { loan, link } = await handedOut();
  const page = await follow(link, screens.phone);
  await page.context().setOffline(true);
  await page.getByLabel("Hur gjorde ni?").fill("Vi byggde i källaren.");
  await page.getByRole("status").getByText("Inte sparat än.").waitFor();
  const context = page.context();
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(link);
  await again.getByText("Svaren sparas medan ni skriver.").waitFor();
  await saved(again);
  assert.equal(await again.getByLabel("Hur gjorde ni?").inputValue(), "Vi byggde i källaren.");
  assert.equal((await lender.get(`/loans/${loan}`)).evaluation, "draft");
  assert.equal(await again.evaluate(() => localStorage.length), 0, "what the server has is not kept on the device");
  await context.close();
});

test("without JavaScript", LIMIT, async () => {
  const { loan, link } = await handedOut();
  const plain = (screen) => ({ ...screen, javaScriptEnabled: false });
  const phone = await follow(link, plain(screens.phone));
  await phone.getByText("Tryck på Spara och fortsätt senare innan ni lämnar sidan.").waitFor();
  await choose(phone, "Använde ni lådan?", "Ja, en gång");
  await phone.getByLabel("Hur gjorde ni?").fill("Vi byggde en bana när Alva var med.");
  await phone.getByRole("button", { name: "Spara och fortsätt senare" }).click();
  await phone.getByText("Utkastet är sparat.").waitFor();
  const desktop = await follow(link, plain(screens.desktop));
  // Both go on from the same draft, and change the same answer.
  await phone.getByLabel("Hur gjorde ni?").fill("Vi byggde en bana och en stad när Alva var med.");
  await phone.getByRole("button", { name: "Spara och fortsätt senare" }).click();
  await phone.getByText("Utkastet är sparat.").waitFor();
  await theRest(desktop);
  await desktop.getByLabel("Hur gjorde ni?").fill("Vi ritade när Alva var med.");
  await send(desktop);
  await desktop.getByText("En kollega har svarat under tiden: ”Vi byggde en bana och en stad när Alva var med.”").first().waitFor();
  assert.equal(await desktop.getByLabel("Hur gjorde ni?").inputValue(), "Vi ritade när Alva var med.");
  await send(desktop);
  await desktop.getByRole("heading", { name: "Står det ett namn här?" }).waitFor();
  await desktop.getByRole("button", { name: "Det är inget barn – skicka" }).click();
  await desktop.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }).waitFor();
  assert.equal((await lender.get(`/loans/${loan}`)).evaluation, "submitted");
  await send(phone);
  await phone.getByRole("heading", { name: "En kollega hann skicka in först" }).waitFor();
  await quiet(phone, desktop);
});

test("who holds the box has the link mailed to the preschool; a wrong link and a settled loan have pages of their own", LIMIT, async () => {
  const { name, loan, code, link } = await handedOut();
  const finder = await newPage(browser, server.origin, screens.phone);
  await finder.goto(`/k/${code}`);
  await look(finder);
  await finder.getByRole("button", { name: "Mejla länken till förskolan" }).click();
  await finder.getByText("har vi mejlat länken till förskolan som har den").waitFor();
  const text = await finder.locator("body").innerText();
  assert.ok(!text.includes("Lyktans") && !text.includes("@lindvalla"), text);
  const mail = await server.mailbox.next(mailbox(name), /^Länken till utvärderingen/);
  await finder.goto(mail.link);
  await finder.getByRole("heading", { name: /^Utvärdering av Bee-Bot/ }).waitFor();

  const titles = { [`${link.slice(0, -40)}x${link.slice(-37)}`]: "Länken fungerar inte" };
  const other = await handedOut();
  const parts = [link, other.link].map((one) => one.split("."));
  titles[`${parts[0].slice(0, -1).join(".")}.${parts[1].at(-1)}`] = "Länken hör till ett annat lån";
  for (const [address, title] of Object.entries(titles)) {
    await finder.goto(address);
    await finder.getByRole("heading", { name: title }).waitFor();
    await look(finder);
  }
  await lender.post(`/loans/${loan}/release`, { reason: "Avdelningen var stängd." });
  await finder.goto(link);
  await finder.getByRole("heading", { name: "Ni är klara med det här lånet" }).waitFor();
  await look(finder);
  await quiet(finder);
});
