// A warehouse for tests of scanning: Leif on his phone, kits that wait or are out, and what may stand between the phone and the
// server.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { Api } from "./api.mjs";
import { launch, newPage, PATIENCE, screens, signIn } from "./browser.mjs";
import { startServer } from "./server.mjs";

const leif = "leif@lindvalla.example";
const DAY = 24 * 60 * 60 * 1000;
const day = (offset) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date(Date.now() + offset * DAY));

/** A server with Leif signed in on his phone, and what can be done there. */
export async function openWarehouse() {
  const server = await startServer({ settings: { DIGILADOR_LABEL_URL: "https://lada.lindvalla.se" } });
  await server.cli("init", "--organisation", "Lindvalla kommun", "--admin", "erik@lindvalla.example");
  for (const role of ["warehouse", "admin"]) await server.cli("person", "add", "--email", leif, "--name", "Leif Öberg", "--role", role).catch(() => {});
  const token = (email) => server.cli("token", "create", "--email", email);
  const api = {
    admin: new Api(server.origin, await token("erik@lindvalla.example")),
    warehouse: new Api(server.origin, await token(leif)),
  };
  const unit = (await api.admin.post("/units", { name: "Lyktans förskola", email: "lyktan@lindvalla.example" })).id;
  const browser = await launch();
  const ways = [];
  const first = await newPage(browser, server.origin);
  await signIn(first, server.mailbox, leif);
  const signedIn = await first.context().storageState();

  /** Reserved kits of a type of their own, the first days first. */
  async function reserved(name, count, unit_id = unit) {
    const kitType = (await api.admin.post("/kit-types", { name, loan_days: 28 })).id;
    const loans = [];
    for (let kit = 0; kit < count; kit += 1) await api.warehouse.post("/kits", { kit_type_id: kitType, shelf: "B3" });
    for (let kit = 0; kit < count; kit += 1) {
      loans.push(await api.admin.post("/loans", { kit_type_id: kitType, unit_id, first_day: day(0), last_day: day(14), override_reason: "Prov" }));
    }
    return loans;
  }

  /** Kits that were handed out. */
  async function out(name, count) {
    const loans = await reserved(name, count);
    for (const loan of loans) await api.warehouse.post("/scans", { code: loan.kit_code, action: "hand_out", loan_id: loan.id });
    return loans;
  }

  /**
   * What stands between the phone and the server. Cut, it lets nothing through, from a page or from its worker; `slow` makes
   * it wait so many milliseconds; `meet` may answer a request itself, `lose` an answer.
   */
  async function between() {
    const way = { slow: 0, meet: () => false, lose: () => false, isCut: false };
    const proxy = createServer(async (incoming, outgoing) => {
      if (way.isCut) return outgoing.destroy();
      if (way.meet(incoming, outgoing)) return;
      await new Promise((go) => { setTimeout(go, way.slow); });
      const { hostname, port } = new URL(server.origin);
      const onward = ask({ hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
        if (way.lose(incoming)) {
          answer.resume();
          return outgoing.destroy();
        }
        outgoing.writeHead(answer.statusCode, answer.headers);
        return answer.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      incoming.pipe(onward);
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    way.origin = `http://127.0.0.1:${proxy.address().port}`;
    way.cut = (cut = true) => {
      way.isCut = cut;
      if (cut) proxy.closeAllConnections();
    };
    way.close = () => { proxy.close(); proxy.closeAllConnections(); };
    ways.push(way);
    return way;
  }

  /** The scan page on a phone of its own, where Leif is signed in and has scanned nothing. */
  async function warehouse(of = browser, origin = server.origin, screen = screens.phone) {
    await api.warehouse.delete("/scan-series");
    const page = await newPage(of, origin, { ...screen, storageState: signedIn });
    await page.goto("/lager/skanna");
    await page.waitForFunction(() => !document.querySelector("[data-bar]").hidden);
    return page;
  }

  async function statuses(loans) {
    const now = await Promise.all(loans.map((loan) => api.admin.get(`/loans/${loan.id}`)));
    return now.map((loan) => loan.status);
  }

  /** How often each of these loans was received. */
  async function receipts(loans) {
    const all = await Promise.all(loans.map((loan) => api.admin.get(`/events?subject=${loan.id}&limit=200`)));
    return all.map(({ items }) => items.filter((event) => event.action === "loan.received").length);
  }

  async function stop() {
    await browser.close();
    // Also those of a test that failed: the run would wait for them.
    for (const way of ways) way.close();
    await server.stop();
  }
  return { server, api, browser, unit, signedIn, token: () => token(leif), reserved, out, between, warehouse, statuses, receipts, stop };
}

/** The page is kept on the phone, and opens without network. */
export async function kept(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => {
    for (const name of await caches.keys()) if (await (await caches.open(name)).match(location.pathname)) return true;
    return false;
  });
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller);
}

/** Types a code as a hand scanner does: into whatever has the focus, with Enter at the end. */
export async function type(page, code) {
  await page.keyboard.type(`${code}\n`);
}

/** A code as it is printed. */
export const printed = (code) => `${code.slice(0, 3)}-${code.slice(3)}`;
export const choose = (page, action) => page.getByRole("group", { name: "Vad ska hända?" }).getByText(action, { exact: true }).click();
export const rows = (page) => page.locator("[data-rows] > li");
export const told = (page, words) => page.locator(".result", { hasText: words }).waitFor();

/** What is asked for becomes what is expected: a page may say a thing before the server has all of it. */
export async function becomes(ask, expected, message) {
  const until = Date.now() + PATIENCE;
  let now = await ask();
  while (!isDeepStrictEqual(now, expected) && Date.now() < until) {
    await new Promise((go) => { setTimeout(go, 100); });
    now = await ask();
  }
  assert.deepEqual(now, expected, message);
}
