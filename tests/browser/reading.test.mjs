// The reading room: a developer reads evaluations one after another with keys, searches, masks, thanks and shares; what is
// shared appears for a borrower, without the name of those who asked for that.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./support/api.mjs";
import { LIMIT, launch, newPage, screens, signIn } from "./support/browser.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

const organisation = "Lindvalla kommun";
const mailbox = (name) => `${name}@lindvalla.example`;
const answers = {
  used: "several", ages: ["age_4"], children: 12, how: "Vi tejpade en karta på golvet.", reaction: "De räknade högt.", fun: 5,
  easy_start: 4, again: "yes", share: "named",
};

let browser, server, admin, anna, kitType;
before(async () => {
  browser = await launch();
  server = await startServer();
  await server.cli("init", "--organisation", organisation, "--admin", mailbox("erik"));
  admin = await apiOf("erik");
  await server.cli("person", "add", "--email", mailbox("anna"), "--name", "Anna Berglund", "--role", "developer", "--role", "warehouse");
  anna = await apiOf("anna");
  const contents = [{ name: "Bee-Bot", quantity: 6, kind: "essential" }];
  kitType = (await admin.post("/kit-types", { name: "Bee-Bot", loan_days: 21, turnaround_days: 0, contents })).id;
  await evaluated("Lyktan", { how: "Robotarna fick hår av garn, och Alva räknade banorna." });
  await evaluated("Kometen", { how: "Vi sjöng för roboten.", share: "anonymous" });
  await evaluated("Tallen", { how: "Ingen fick röra den.", share: "no" });
});
after(async () => {
  await browser.close();
  await server.stop();
});

async function apiOf(name) {
  return new Api(server.origin, await server.cli("token", "create", "--email", mailbox(name)));
}

/** A preschool that has had a kit, and has told about it. */
async function evaluated(name, told) {
  const unit = (await admin.post("/units", { name: `${name}s förskola`, email: mailbox(name.toLowerCase()) })).id;
  await admin.post("/kits", { kit_type_id: kitType });
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date());
  const { next_free: free } = await anna.get(`/kit-types/${kitType}/availability?from=${today}&to=${today}`);
  const loan = await anna.post("/loans", { kit_type_id: kitType, unit_id: unit, ...free });
  await anna.post("/scans", { code: loan.kit_code, action: "hand_out", loan_id: loan.id });
  await server.cli("person", "add", "--email", mailbox(`${name.toLowerCase()}1`), "--name", "Samira Ek", "--role", "borrower", "--unit", `${name}s förskola`);
  await (await apiOf(`${name.toLowerCase()}1`)).post(`/loans/${loan.id}/evaluation/submit`, { answers: { ...answers, ...told } });
}

async function look(page) {
  page.troubles.push(...(await allTroubles(page)));
}

test("read with keys, searched, masked, thanked and shared", LIMIT, async () => {
  const page = await newPage(browser, server.origin, screens.desktop);
  await signIn(page, server.mailbox, mailbox("anna"));
  await page.goto("/utvarderingar?show=unread");
  await page.getByRole("link", { name: "Olästa 3" }).waitFor();
  await look(page);
  // Newest first: what may not be shared. The next one, with one key.
  await page.getByRole("listitem").filter({ hasText: "Tallens förskola" }).getByRole("link").click();
  await page.getByText("Ingen fick röra den.").waitFor();
  await page.getByText("Förskolan vill inte dela sina svar med andra.").waitFor();
  await page.keyboard.press("j");
  await page.getByText("Vi sjöng för roboten.").waitFor();
  await page.keyboard.press("k");
  await page.getByText("Ingen fick röra den.").waitFor();
  await page.keyboard.press("j");
  await page.getByText("Vi sjöng för roboten.").waitFor();
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "Ta bort stjärnan" }).waitFor();
  await page.keyboard.press("d");
  await page.getByRole("button", { name: "Ta ur idébanken" }).waitFor();
  await page.keyboard.press("t");
  await page.keyboard.type("Musik och sång");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Musik och sång" }).waitFor();
  await look(page);
  await page.keyboard.press("j");
  // What is selected is masked.
  await page.getByText("och Alva räknade").waitFor();
  const passage = page.locator("[data-mask=how] [name=passage]");
  await page.locator("[data-passage=how]").click({ clickCount: 3 });
  await page.keyboard.press("m");
  assert.equal(await passage.inputValue(), await page.locator("[data-passage=how]").innerText(), "three clicks select all of it");
  await page.locator("[data-passage=how]").evaluate((answer) => {
    const text = answer.firstChild, start = text.data.indexOf("Alva");
    getSelection().setBaseAndExtent(text, start, text, start + 4);
  });
  await page.keyboard.press("m");
  assert.equal(await passage.inputValue(), "Alva");
  await look(page);
  await page.keyboard.press("Enter");
  await page.getByText("och ▮▮▮ räknade").waitFor();
  await page.keyboard.press("d");
  await page.getByRole("button", { name: "Ta ur idébanken" }).waitFor();
  await page.getByRole("button", { name: "Skicka tacket" }).click();
  await page.getByText(/Tackad /).waitFor();
  const thanks = await server.mailbox.next(mailbox("lyktan"), /Tack för er utvärdering/);
  assert.ok(!thanks.text.includes("garn") && !thanks.text.includes("Alva"), thanks.text);
  await page.getByRole("button", { name: "Läst, klar" }).click();
  await page.getByText("Allt är läst").waitFor();

  // Searched in another form of the words, and narrowed; the address is the view.
  await page.goto("/utvarderingar");
  await page.getByLabel("Sök i svaren").fill("roboten hår");
  await page.getByRole("button", { name: "Sök", exact: true }).click();
  await page.getByRole("listitem").filter({ hasText: "Lyktans förskola" }).waitFor();
  assert.equal(await page.getByRole("listitem").filter({ hasText: "Kometens förskola" }).count(), 0);
  await page.goto("/utvarderingar?q=har");
  await page.getByText("Ingen utvärdering passar det du valde.").waitFor();
  await page.goto("/utvarderingar?q=Alva");
  await page.getByText("Ingen utvärdering passar det du valde.").waitFor();
  await page.goto("/utvarderingar");
  await page.getByRole("button", { name: "Fler val" }).click();
  await page.getByLabel("Tema").selectOption("Musik och sång");
  await page.getByRole("button", { name: "Visa", exact: true }).click();
  await page.getByRole("listitem").filter({ hasText: "Kometens förskola" }).waitFor();
  assert.match(page.url(), /theme_id=/);
  await look(page);

  // Turned off, the keys do nothing.
  await page.getByRole("link", { name: "Bee-Bot" }).click();
  await page.getByText("Tangenter", { exact: true }).click();
  await page.getByText("Använd tangenterna").click();
  await page.reload();
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "Ta bort stjärnan" }).waitFor();
  assert.deepEqual(page.troubles, []);
  await page.context().close();

  // A borrower of another preschool finds both ideas, and one name.
  const phone = await newPage(browser, server.origin, screens.phone);
  await signIn(phone, server.mailbox, mailbox("tallen1"));
  await phone.goto("/ideer");
  await phone.getByText("Vi sjöng för roboten.").waitFor();
  await phone.getByText("Lyktans förskola,").waitFor();
  assert.equal(await phone.getByText("Kometens förskola").count(), 0);
  assert.equal(await phone.getByText("Ingen fick röra den.").count(), 0);
  await look(phone);
  await phone.goto(`/lador/${kitType}`);
  await phone.getByText("och ▮▮▮ räknade").waitFor();
  assert.equal(await phone.getByText("Kometens förskola").count(), 0);
  assert.deepEqual(phone.troubles, []);
  await phone.context().close();
});

test("what a preschool withdraws is gone at once", LIMIT, async () => {
  const page = await newPage(browser, server.origin, screens.phone);
  await signIn(page, server.mailbox, mailbox("lyktan1"));
  const [loan] = (await (await apiOf("lyktan1")).get("/loans")).items;
  await page.goto(`/lan/${loan.id}`);
  await page.getByRole("link", { name: "Era svar och vilka som får se dem" }).click();
  await page.getByRole("group", { name: "Får vi visa era svar för andra förskolor?" }).getByText("Nej", { exact: true }).click();
  await look(page);
  await page.getByRole("button", { name: "Spara", exact: true }).click();
  await page.getByText("Sparat. Det gäller från och med nu.").waitFor();
  await page.goto("/ideer");
  await page.getByText("Vi sjöng för roboten.").waitFor();
  assert.equal(await page.getByText("Lyktans förskola,").count(), 0);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("nothing that was written is lost by going on", LIMIT, async () => {
  await evaluated("Granen", { how: "Då kom Alva\noch räknade." });
  const page = await newPage(browser, server.origin, screens.desktop);
  await signIn(page, server.mailbox, mailbox("anna"));
  await page.goto("/utvarderingar");
  await page.getByRole("listitem").filter({ hasText: "Granens förskola" }).getByRole("link").click();
  await page.getByText("Då kom Alva").waitFor();
  // A passage over the end of a line is masked as it was selected.
  await page.locator("[data-passage=how]").evaluate((answer) => {
    const text = answer.firstChild, start = text.data.indexOf("Alva");
    getSelection().setBaseAndExtent(text, start, text, start + "Alva\noch".length);
  });
  await page.keyboard.press("m");
  assert.equal(await page.locator("[data-mask=how] [name=passage]").inputValue(), "Alva\noch");
  await look(page);
  await page.keyboard.press("Enter");
  await page.getByText("Då kom ▮▮▮ räknade.").waitFor();
  await page.getByRole("status").getByText("Det är maskerat.").waitFor();
  // A note goes along with a mark, and what was done is told.
  const note = page.getByRole("textbox", { name: "Anteckning" });
  await note.fill("Ring dem i maj.");
  await page.getByRole("button", { name: "Stjärnmärk" }).click();
  await page.getByRole("status").getByText("Utvärderingen har en stjärna.").waitFor();
  assert.equal(await note.inputValue(), "Ring dem i maj.");
  assert.equal(await page.evaluate(() => document.activeElement.id), "marks");
  await look(page);
  // Other words are asked about before the page is left.
  let asked = 0;
  page.on("dialog", async (dialog) => {
    asked += 1;
    await dialog.dismiss();
  });
  const here = page.url();
  const theme = page.getByLabel("Lägg till ett tema");
  await theme.pressSequentially("Musi");
  await page.getByRole("link", { name: "Alla utvärderingar" }).click({ noWaitAfter: true });
  await page.waitForFunction(() => document.readyState === "complete");
  assert.deepEqual([asked, page.url(), await theme.inputValue()], [1, here, "Musi"]);
  await theme.fill("");
  // A colleague has written a note meanwhile: both are shown, and saving once more is a choice.
  const [{ id }] = (await anna.get("/evaluations?limit=1")).items;
  await anna.post(`/evaluations/${id}/marks`, { note: "De är bjudna." });
  await note.fill("Min egen.");
  await page.getByRole("button", { name: /^Läst, / }).click();
  await page.getByText("”De är bjudna.”").first().waitFor();
  assert.equal(await note.inputValue(), "Min egen.");
  await look(page);
  await page.getByRole("button", { name: "Spara anteckningen" }).click();
  await page.getByRole("status").getByText("Anteckningen är sparad.").waitFor();
  assert.equal((await anna.get(`/evaluations/${id}`)).reading.note, "Min egen.");
  assert.equal(asked, 1);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});
