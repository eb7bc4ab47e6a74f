// The form's editor: a developer adds a question, moves it by keyboard, looks at it on a phone and publishes; a borrower
// answers it. Without JavaScript, too.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./support/api.mjs";
import { LIMIT, launch, newPage, screens, signIn } from "./support/browser.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

const mailbox = (name) => `${name}@lindvalla.example`;

let browser, server, admin, anna, kitType;
before(async () => {
  browser = await launch();
  server = await startServer();
  await server.cli("init", "--organisation", "Lindvalla kommun", "--admin", mailbox("erik"));
  admin = await apiOf("erik");
  await server.cli("person", "add", "--email", mailbox("anna"), "--name", "Anna Berglund", "--role", "developer", "--role", "warehouse");
  anna = await apiOf("anna");
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

async function look(page) {
  page.troubles.push(...(await allTroubles(page)));
}

/** A kit that is handed out to a preschool of its own; and the link from its mail. */
async function handedOut(name) {
  const unit = (await admin.post("/units", { name: `${name}s förskola`, email: mailbox(name.toLowerCase()) })).id;
  await admin.post("/kits", { kit_type_id: kitType });
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date());
  const { next_free: free } = await anna.get(`/kit-types/${kitType}/availability?from=${today}&to=${today}`);
  const loan = await anna.post("/loans", { kit_type_id: kitType, unit_id: unit, ...free });
  await anna.post("/scans", { code: loan.kit_code, action: "hand_out", loan_id: loan.id });
  const mail = await server.mailbox.next(mailbox(name.toLowerCase()), /är på väg till er/);
  return /https?:\/\/\S+\/utvardering\/\S+/.exec(mail.text)[0];
}

test("a question is added, moved by keyboard, looked at, published and answered", LIMIT, async () => {
  const page = await newPage(browser, server.origin, screens.desktop);
  await signIn(page, server.mailbox, mailbox("anna"));
  const earlier = await handedOut("Lyktan");
  await page.goto("/utvarderingar");
  await page.getByRole("link", { name: "Formuläret" }).click();
  await look(page);
  await page.getByRole("button", { name: "Börja på ett utkast" }).click();
  await page.getByRole("heading", { name: /^Utkast till version/ }).waitFor();
  await look(page);

  await page.getByRole("link", { name: "Lägg till en egen fråga" }).click();
  await look(page);
  await page.getByRole("link", { name: "Ett val" }).click();
  const inGroup = (group, language) => page.getByRole("group", { name: group, exact: true }).getByLabel(language);
  await page.getByRole("button", { name: "Spara" }).click();
  await page.getByRole("alert").getByText("Frågan, Svenska").waitFor();
  await look(page);
  await inGroup("Frågan", "Svenska").fill("Var använde ni lådan?");
  await inGroup("Svar 1 (nytt)", "Svenska").fill("Inne");
  await inGroup("Svar 2 (nytt)", "Svenska").fill("Ute");
  await page.getByLabel("Avsnitt").selectOption("Barnen");
  await page.getByRole("button", { name: "Spara" }).click();
  await page.getByText("Frågan är tillagd i utkastet.").waitFor();
  await page.getByText("Var använde ni lådan? (Dansk)").waitFor();
  await look(page);

  // The same key, pressed again and again, takes the question all the way up its section and into the one above.
  const up = page.getByRole("button", { name: "Upp: Var använde ni lådan?" });
  await up.focus();
  for (let steps = 0; steps < 3; steps++) {
    await Promise.all([page.waitForURL(/#up-local_1$/), page.waitForEvent("load"), page.keyboard.press("Enter")]);
    await page.waitForFunction(() => document.activeElement?.id === "up-local_1");
  }

  await page.getByRole("link", { name: "Ändra: Ett tips till kollegor" }).click();
  await page.getByLabel("Obligatorisk för lån som börjar en viss dag eller senare").check();
  await page.getByLabel("Dagen").fill("2099-01-01");
  await look(page);
  await page.getByRole("button", { name: "Spara" }).click();
  await page.getByText("Obligatorisk från 1 jan 2099").waitFor();
  await page.getByRole("link", { name: "Ändra: Vilka mål i läroplanen arbetade ni med?" }).click();
  await look(page);
  await page.getByRole("group", { name: "Svar 1", exact: true }).waitFor();
  await page.getByLabel("Arkivera: Enkel kemi och fysik").check();
  await page.getByRole("button", { name: "Spara" }).click();
  await page.getByText(/^Arkiverade val i .*Enkel kemi och fysik$/).waitFor();

  await page.getByRole("link", { name: "Se hur det blir på en telefon" }).click();
  await look(page);
  const phone = page.frameLocator("iframe");
  await phone.getByText("Inget sparas.", { exact: false }).first().waitFor();
  await phone.getByRole("group", { name: "Var använde ni lådan?" }).getByText("Ute", { exact: true }).click();
  await phone.getByRole("button", { name: "Skicka in" }).click();
  await phone.getByRole("alert").getByText(/Använde ni lådan\?/).waitFor();
  assert.ok((await page.locator("iframe").boundingBox()).width < 420, "the frame is as wide as a phone");

  await page.getByRole("link", { name: "Till utkastet" }).click();
  await page.getByRole("button", { name: "Publicera version 2" }).click();
  await page.getByText("Den nya versionen gäller lådor som lämnas ut från och med nu.").waitFor();
  await look(page);
  await page.getByRole("link", { name: "Version 2" }).click();
  await page.getByText("Ny fråga: Var använde ni lådan?").waitFor();
  await look(page);

  // Who had the kit before answers the form there was; who gets one now answers the new one.
  const before = await newPage(browser, server.origin, screens.phone);
  await before.goto(earlier);
  await before.getByRole("group", { name: "Använde ni lådan?" }).waitFor();
  assert.equal(await before.getByText("Var använde ni lådan?").count(), 0);
  const borrower = await newPage(browser, server.origin, screens.phone);
  await borrower.goto(await handedOut("Kometen"));
  await borrower.getByRole("group", { name: "Använde ni lådan?" }).getByText("Ja, en gång").click();
  await borrower.getByRole("group", { name: "Var använde ni lådan?" }).getByText("Ute", { exact: true }).click();
  await borrower.getByRole("status").getByText("Sparat", { exact: true }).waitFor();
  await look(borrower);
  assert.deepEqual([...page.troubles, ...before.troubles, ...borrower.troubles], []);
});

test("without JavaScript, on a phone", LIMIT, async () => {
  const page = await newPage(browser, server.origin, { ...screens.phone, javaScriptEnabled: false });
  await signIn(page, server.mailbox, mailbox("anna"));
  await page.goto("/admin/formular");
  await page.getByRole("button", { name: "Börja på ett utkast" }).click();
  await page.getByRole("button", { name: "Ner: Hur gjorde ni?" }).click();
  await page.getByRole("button", { name: "Ner: Hur gjorde ni?" }).waitFor();
  await page.getByText("Flyttad: Hur gjorde ni?").waitFor();
  await page.getByRole("link", { name: "Ändra: Skulle er förskola ha nytta av en egen?" }).click();
  await page.getByLabel("Ställ inte frågan").check();
  await page.getByRole("button", { name: "Spara" }).click();
  await page.getByText("Ställs inte längre: Skulle er förskola ha nytta av en egen?").waitFor();
  await page.getByRole("link", { name: "Se hur det blir på en telefon" }).click();
  await page.getByRole("link", { name: "Öppna formuläret för sig" }).click();
  await page.getByRole("group", { name: "Använde ni lådan?", exact: true }).waitFor();
  assert.equal(await page.getByText("Skulle er förskola ha nytta av en egen?").count(), 0);
  await page.goto("/admin/formular/utkast");
  await page.getByRole("button", { name: "Släng utkastet" }).click();
  await page.getByText("Utkastet är slängt.").waitFor();
  assert.deepEqual(page.troubles, []);
});
