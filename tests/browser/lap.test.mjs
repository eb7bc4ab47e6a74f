// The whole lap through the pages, as four people walk it: set up, reserve, pack, hand out, receive, evaluate, read.
// On both databases, on a phone and on a desktop, in Swedish.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Api } from "./support/api.mjs";
import { LIMIT, goBy, launch, newPage, screens, signIn } from "./support/browser.mjs";
import { backEnds } from "./support/database.mjs";
import { allTroubles } from "./support/looks.mjs";
import { startServer } from "./support/server.mjs";

const people = {
  admin: { email: "erik@lindvalla.example" },
  borrower: { email: "samira@lindvalla.example", name: "Samira Haddad" },
  warehouse: { email: "leif@lindvalla.example", name: "Leif Öberg" },
  developer: { email: "anna@lindvalla.example", name: "Anna Berglund" },
};
const organisation = "Lindvalla kommun";
const unit = "Lyktans förskola";
const kitType = "Bee-Bot";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const backEnd of backEnds) {
  for (const [screen, options] of Object.entries(screens)) {
    test(`the lap on ${backEnd}, on a ${screen}`, LIMIT, async () => {
      const server = await startServer({ backEnd });
      try {
        await wholeLap(server, options, screen === "phone" ? "link" : "code");
      } finally {
        await server.stop();
      }
    });
  }

  describe(`other ways round on ${backEnd}`, () => {
    let server, api, kit, loan;
    before(async () => {
      server = await startServer({ backEnd });
      api = await setUp(server);
    });
    after(() => server.stop());

    test("evaluated first and received then is returned at the scan", LIMIT, async () => {
      ({ kit, loan } = await handedOut(api));
      const borrower = await pageOf(server, "borrower");
      await goBy(borrower, "Våra lån");
      await borrower.getByRole("link", { name: /^Skriv utvärdering/ }).click();
      await fillIn(borrower);
      await send(borrower);
      await seen(borrower.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }));
      await seen(borrower.getByText("är tillbaka i lagret är lånet klart"));
      assert.equal((await api.admin.get(`/loans/${loan.id}`)).status, "out");

      const warehouse = await pageOf(server, "warehouse");
      await scan(warehouse, kit.code, "Ta emot");
      await seen(warehouse.getByRole("status").getByText("Återlämnad", { exact: true }));
      assert.equal((await api.admin.get(`/loans/${loan.id}`)).status, "returned");
      quiet(borrower, warehouse);
    });

    test("a loan that a developer releases with a reason is returned", LIMIT, async () => {
      ({ kit, loan } = await received(api));
      const developer = await pageOf(server, "developer");
      await developer.goto(`/lan/${loan.id}`);
      await developer.getByText("Efterskänk utvärderingen").click();
      await developer.getByRole("button", { name: "Efterskänk", exact: true }).click();
      await seen(developer.getByRole("alert").getByRole("heading", { name: "Något behöver ändras" }));
      assert.equal((await api.admin.get(`/loans/${loan.id}`)).status, "received");
      await developer.getByLabel("Varför?").fill("Avdelningen var stängd hela perioden.");
      await developer.getByRole("button", { name: "Efterskänk", exact: true }).click();
      await seen(developer.getByText("Utvärderingen är efterskänkt."));
      await seen(developer.getByText("Avdelningen var stängd hela perioden."));
      assert.equal((await api.admin.get(`/loans/${loan.id}`)).status, "returned");
      quiet(developer);
    });

    test("a kit that was never used takes two answers", LIMIT, async () => {
      ({ kit, loan } = await received(api));
      const borrower = await pageOf(server, "borrower");
      await borrower.goto(`/lan/${loan.id}/utvardering`);
      await choose(borrower, "Använde ni lådan?", "Nej");
      assert.equal(await borrower.getByLabel("Hur gjorde ni?").isVisible(), false, "what was not done is not asked for");
      await choose(borrower, "Vad kom emellan?", "Tiden räckte inte");
      await send(borrower);
      await seen(borrower.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }));
      assert.equal((await api.admin.get(`/loans/${loan.id}`)).status, "returned");
      quiet(borrower);
    });
  });
}

async function wholeLap(server, options, way) {
  await server.cli("init", "--organisation", organisation, "--admin", people.admin.email);
  const pages = {};
  for (const who of ["admin", "borrower", "warehouse", "developer"]) pages[who] = await newPage(browser, server.origin, options);
  const { admin, borrower, warehouse, developer } = pages;

  await signIn(admin, server.mailbox, people.admin.email);
  await addUnit(admin);
  await addBorrower(admin);
  await addKitType(admin);
  const code = await addKit(admin);
  await addPerson(server, "warehouse");
  await addPerson(server, "developer");
  const api = new Api(server.origin, await server.cli("token", "create", "--email", people.admin.email));

  await signIn(borrower, server.mailbox, people.borrower.email, way);
  await reserve(borrower);
  const confirmation = await server.mailbox.next(people.borrower.email, /^Bokat: Bee-Bot/);
  const loan = new URL(confirmation.link).pathname.split("/").at(-1);
  assert.equal((await api.get(`/loans/${loan}`)).status, "reserved");

  await signIn(warehouse, server.mailbox, people.warehouse.email);
  await pack(warehouse);
  assert.equal((await api.get(`/loans/${loan}`)).status, "ready");
  await scan(warehouse, code, "Automatiskt");
  await seenWell(warehouse, warehouse.getByRole("status").getByText("Utlämnad", { exact: true }));

  await goBy(borrower, "Våra lån");
  const atHome = borrower.getByRole("region", { name: "Hemma hos er" });
  await seen(atHome.getByRole("link", { name: kitType }));
  await seen(atHome.getByText("Utlånad"));
  await labelWhenOut(server, pages, code, options);

  await scan(warehouse, code, "Ta emot");
  await seen(warehouse.getByRole("status").getByText("Mottagen", { exact: true }));
  const kit = await api.get(`/kits/${code}`);
  assert.deepEqual([kit.status, kit.lendable], ["received", false]);
  assert.equal((await api.get(`/loans/${loan}`)).status, "received");
  await warehouse.goto(`/k/${code}`);
  await seen(warehouse.getByRole("main").getByText("Väntar på utvärdering"));
  await goBy(borrower, "Våra lån");
  await seen(borrower.getByRole("region", { name: "Att betala" }).getByText("Mottagen, utvärdering saknas"));

  const reminder = await server.mailbox.next(people.borrower.email, /är mottagen/);
  await evaluate(borrower, reminder.link);
  assert.equal((await api.get(`/loans/${loan}`)).status, "returned");
  await goBy(borrower, "Våra lån");
  await seen(borrower.getByRole("region", { name: "Tidigare lån" }).getByText("Återlämnad"));

  await signIn(developer, server.mailbox, people.developer.email);
  await read(developer);
  quiet(...Object.values(pages));
}

/** Waits until it is there to be seen. */
function seen(what) {
  return what.first().waitFor({ state: "visible" });
}

/** Waits until it is there to be seen, on a page that only comes by doing something, and looks the page over. */
async function seenWell(page, what) {
  await seen(what);
  page.troubles.push(...(await allTroubles(page)));
}

/** Nothing happened behind these pages that must not happen. */
function quiet(...pages) {
  assert.deepEqual(pages.flatMap((page) => page.troubles), []);
}

async function save(page) {
  await page.getByRole("button", { name: "Spara", exact: true }).click();
}

async function addUnit(admin) {
  await openSettings(admin, "Enheter");
  await admin.getByRole("link", { name: "Ny enhet" }).first().click();
  await admin.getByLabel("Namn").fill(unit);
  await admin.getByLabel("Område").fill("Centrum");
  await admin.getByLabel("E-post").fill("lyktan@lindvalla.example");
  await save(admin);
  await seen(admin.getByRole("link", { name: unit }));
}

async function addBorrower(admin) {
  await openSettings(admin, "Personer");
  await admin.getByRole("link", { name: "Ny person" }).first().click();
  await admin.getByLabel("Namn").fill(people.borrower.name);
  await admin.getByLabel("E-post").fill(people.borrower.email);
  await admin.getByRole("checkbox", { name: /^Låntagare/ }).check();
  await admin.getByRole("checkbox", { name: unit }).check();
  await save(admin);
  await seen(admin.getByRole("link", { name: people.borrower.name }));
}

async function addKitType(admin) {
  await openSettings(admin, "Lådtyper");
  await admin.getByRole("link", { name: "Ny lådtyp" }).first().click();
  await admin.getByLabel("Namn", { exact: true }).fill(kitType);
  await admin.getByLabel("Utan skärm").check();
  await admin.getByLabel("Längsta lån, dagar").fill("21");
  await admin.getByLabel("Iordningsdagar").fill("3");
  for (const [place, [name, quantity]] of [["Bee-Bot", 6], ["Laddocka", 1]].entries()) {
    const line = admin.getByRole("group", { name: `Rad ${place + 1}` });
    await line.getByLabel("Vad").fill(name);
    await line.getByLabel("Antal").fill(String(quantity));
  }
  await save(admin);
  await seen(admin.getByText("Lådtypen är sparad. Hur många lådor finns det av den?"));
}

/** Adds a kit of the type that was just added, and tells its code. */
async function addKit(admin) {
  await admin.getByLabel("Hur många?").fill("1");
  await admin.getByLabel("Hyllplats").fill("B3");
  await save(admin);
  const code = admin.getByRole("main").locator(".code").first();
  await seen(code);
  return (await code.textContent()).trim();
}

async function openSettings(admin, part) {
  await goBy(admin, "Administration");
  await admin.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: part, exact: true }).click();
}

async function addPerson(server, role) {
  await server.cli("person", "add", "--email", people[role].email, "--name", people[role].name, "--role", role);
}

async function reserve(borrower) {
  await seen(borrower.getByRole("heading", { name: `Hej, ${unit}!` }));
  await goBy(borrower, "Lådor");
  await borrower.getByRole("link", { name: kitType }).click();
  await seen(borrower.getByText("Laddocka"));
  await borrower.getByRole("link", { name: /^Boka v\./ }).first().click();
  await seen(borrower.getByRole("heading", { name: `Boka ${kitType}` }));
  await seen(borrower.getByText(unit));
  await borrower.getByRole("button", { name: "Boka", exact: true }).click();
  await seenWell(borrower, borrower.getByRole("heading", { name: new RegExp(`^${kitType} är bokad v\\.`) }));
  await seen(borrower.getByText(`Vi har mejlat bekräftelsen till ${people.borrower.email}.`));
}

async function pack(warehouse) {
  const job = warehouse.getByRole("region", { name: "Ska ut" }).getByRole("listitem").filter({ hasText: unit });
  await seen(job.getByText("Bokad"));
  await job.getByRole("button", { name: /^Markera som framplockad/ }).click();
  await seenWell(warehouse, warehouse.getByText("Lådan är framplockad."));
  assert.equal(await job.getByRole("button").count(), 0, "what is packed is not packed again");
}

/** Types a kit's code, as it stands on the label. */
async function scan(warehouse, code, action) {
  await goBy(warehouse, "Skanna");
  const group = warehouse.getByRole("group", { name: "Vad ska hända?" });
  await group.getByText(action, { exact: true }).click();
  const plain = code.replace("-", "");
  await warehouse.getByLabel("Lådans kod").pressSequentially(plain.toLowerCase());
  assert.equal(await warehouse.getByLabel("Lådans kod").inputValue(), `${plain.slice(0, 3)}-${plain.slice(3)}`);
  await warehouse.getByRole("button", { name: "Registrera" }).click();
}

/** What a scan of the label shows to the warehouse, the borrower, and a finder, while the kit is out. */
async function labelWhenOut(server, { borrower, warehouse }, code, options) {
  const label = `/k/${code}`;
  await warehouse.goto(label);
  await seen(warehouse.getByRole("button", { name: "Ta emot" }));
  await seen(warehouse.getByText(unit));
  await borrower.goto(label);
  await seen(borrower.getByRole("link", { name: "Skriv utvärdering" }));
  await seen(borrower.getByText("Räkna så här"));

  const finder = await newPage(browser, server.origin, options);
  await finder.goto(label.toUpperCase());
  await seen(finder.getByRole("heading", { name: `Den här lådan tillhör ${organisation}` }));
  const text = await finder.locator("body").innerText();
  for (const secret of [unit, people.borrower.name, people.borrower.email, "Utlånad"]) {
    assert.ok(!text.includes(secret), `a finder is told ${secret}`);
  }
  quiet(finder);
  await finder.context().close();
}

async function choose(page, question, answer) {
  await page.getByRole("group", { name: question }).getByText(answer, { exact: true }).click();
}

async function fillIn(page) {
  await choose(page, "Använde ni lådan?", "Ja, flera gånger");
  await choose(page, "Hur gamla var barnen?", "4 år");
  await page.getByLabel("Ungefär hur många barn fick prova?").fill("12");
  await page.getByLabel("Hur gjorde ni?").fill("Vi byggde en bana av tejp på golvet och lät barnen turas om.");
  await page.getByLabel("Hur reagerade barnen?").fill("De skrattade och ville köra igen.");
  await choose(page, "Barnen tyckte att det var roligt.", "Stämmer helt");
  await choose(page, "Det var lätt för oss vuxna att komma igång.", "Stämmer bra");
  await choose(page, "Skulle ni låna lådan igen?", "Ja");
  await choose(page, "Får vi visa era svar för andra förskolor?", "Ja, utan förskolans namn");
}

async function send(page) {
  await page.getByRole("button", { name: "Skicka in" }).click();
}

/** Writes the evaluation: first with an answer missing, then whole. */
async function evaluate(borrower, link) {
  await borrower.goto(link);
  await seen(borrower.getByRole("heading", { name: /^Utvärdering av Bee-Bot/ }));
  await fillIn(borrower);
  await borrower.getByLabel("Hur gjorde ni?").fill("");
  await send(borrower);
  const summary = borrower.getByRole("alert").filter({ hasText: "Något behöver ändras" });
  await seenWell(borrower, summary);
  assert.equal(await summary.getByRole("link").count(), 1, "the summary names what is missing, and nothing else");
  assert.equal(await borrower.getByLabel("Hur reagerade barnen?").inputValue(), "De skrattade och ville köra igen.");
  await summary.getByRole("link", { name: /^Hur gjorde ni\?/ }).click();
  assert.equal(await borrower.evaluate(() => document.activeElement.id), "how", "the summary leads to the question");
  await borrower.keyboard.type("Vi byggde en bana av tejp på golvet.");
  await send(borrower);
  await seenWell(borrower, borrower.getByRole("heading", { name: "Tack! Utvärderingen är inskickad." }));
  await seen(borrower.getByText("är klart"));
}

async function read(developer) {
  await goBy(developer, "Utvärderingar");
  const item = developer.getByRole("main").getByRole("listitem").filter({ hasText: unit });
  await item.getByRole("link").first().click();
  await seen(developer.getByText("Vi byggde en bana av tejp på golvet."));
  await seen(developer.getByText("Stämmer helt"));
  await goBy(developer, "Statistik");
  const row = developer.getByRole("row").filter({ hasText: kitType });
  await seen(row);
  await seen(row.getByText("12"));
}

/** Sets up by command line and API what the other ways round begin with. */
async function setUp(server) {
  await server.cli("init", "--organisation", organisation, "--admin", people.admin.email);
  const api = { admin: new Api(server.origin, await server.cli("token", "create", "--email", people.admin.email)) };
  api.unit = await api.admin.post("/units", { name: unit });
  await server.cli("person", "add", "--email", people.borrower.email, "--name", people.borrower.name, "--role", "borrower", "--unit", unit);
  await addPerson(server, "warehouse");
  await addPerson(server, "developer");
  api.warehouse = new Api(server.origin, await server.cli("token", "create", "--email", people.warehouse.email));
  api.kitType = await api.admin.post("/kit-types", { name: kitType, contents: [{ name: "Bee-Bot", quantity: 6, kind: "essential" }] });
  return api;
}

/** A kit, handed out. */
async function handedOut({ admin, warehouse, kitType, unit }) {
  const kit = await admin.post("/kits", { kit_type_id: kitType.id });
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date());
  const { next_free: free } = await admin.get(`/kit-types/${kitType.id}/availability?from=${today}&to=${today}`);
  const { id } = await admin.post("/loans", { kit_type_id: kitType.id, unit_id: unit.id, ...free });
  const { loan } = await warehouse.post("/scans", { code: kit.code, action: "hand_out", loan_id: id });
  return { kit, loan };
}

/** A kit that is back, and whose evaluation is not in. */
async function received(api) {
  const { kit } = await handedOut(api);
  const { loan } = await api.warehouse.post("/scans", { code: kit.code, action: "receive" });
  assert.equal(loan.status, "received");
  return { kit, loan };
}

async function pageOf(server, role) {
  const page = await newPage(browser, server.origin);
  await signIn(page, server.mailbox, people[role].email);
  return page;
}
