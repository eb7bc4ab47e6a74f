// The scan page while it stays open: kits out and in, kept on the phone until they are sent.
"use strict";

const queue = await import(document.body.dataset.queue);
const { adopt, all, endSeries, follow, forget, goOn, isSignedOut, person, scan, series, takeBack, waits } = queue;
const scanner = await import(document.getElementById("scanning").dataset.scanner);
const { begin, codeIn, drop, focusField, icon, isStopped, page, panel, part, printed, show, signals, stopCamera, take, trouble, words } = scanner;
const [form, rows, bar] = ["scan-form", "rows", "bar"].map(part);
/** How long a box that was scanned here is not scanned again by mistake, in milliseconds. */
const HALF_DAY = 12 * 60 * 60_000;

const looks = {
  sending: { color: "neutral", icon: "clock" },
  undoing: { color: "neutral", icon: "back" },
  blocked: { color: "danger", icon: "alert" },
  handed_out: { color: "success", icon: "truck" },
  handed_out_swapped: { color: "warning", icon: "truck" },
  received: { color: "success", icon: "box" },
  returned: { color: "success", icon: "box" },
  packed: { color: "success", icon: "box" },
  saved: { color: "neutral", icon: "clock" },
  kept: { color: "warning", icon: "alert" },
  undone: { color: "neutral", icon: "back" },
};
/** What was done, as it would be asked for. */
const asked = { handed_out: "hand_out", handed_out_swapped: "hand_out", received: "receive", returned: "receive", packed: "pack" };
const opposite = { hand_out: "receive", receive: "hand_out" };
/** Refusals after which nothing is wrong: the box has been seen to before. */
const HARMLESS = ["loan.already_received", "kit.not_out", "kit.packed", "scan.just_done", "scan.which_loan"];

// --- One scan

const action = () => new FormData(form).get("action");

/** The code that was taken last: the answers to those before it stand in the list. */
let newest = "";
/** The scans that were refused and not seen yet. */
const unseen = [];

async function register(text, { action: wish = action(), loan_id, again } = {}) {
  const { code, wrong } = codeIn(text);
  const before = again || wrong ? undefined : await lastOf(code);
  if (isStopped()) return drop(text);
  if (wrong) return show("danger", "stop", words.stop, wrong);
  if (before && repeats(before, wish)) return duplicate(before, wish);
  goOn(action());
  newest = code;
  panel("neutral", "clock", words.working, printed(code));
  scan(code, wish, loan_id ? { loan_id } : {}).then(tell).catch(trouble);
}

/** Of this list, and not what is counted. */
const isOwn = (one) => one.person === person && !one.stocktake;

/** The last scan of a box here that is not taken back. */
async function lastOf(code) {
  const since = Date.now() - HALF_DAY;
  const same = (one) => isOwn(one) && one.code === code && !one.back && (waits(one) || one.state === "done") && Date.parse(one.at) > since;
  return (await all().catch(() => [])).findLast(same);
}

/** What a scan of the list did, or is to do. */
const did = (one) => (one.state === "done" ? asked[one.answer.outcome] : one.action);

/** A box in the list is scanned again: meant is only what is said to be something else, or the way out of one that is packed. */
function repeats(one, wish) {
  if (did(one) === wish) return true;
  return wish === "auto" ? did(one) !== "pack" : did(one) === "auto";
}

function duplicate(one, wish) {
  const turn = wish === "auto" && opposite[did(one)];
  const choice = turn ? { label: words[turn], act: () => take(one.code, { action: turn }) } : { label: words.anyway, act: () => take(one.code, { action: wish, again: true }) };
  show("warning", "alert", words.nothing, `${nameOf(one)} ${words.duplicate}`, [choice]);
}

function nameOf(one) {
  const loan = one.answer?.loan;
  return loan ? `${loan.kit_type.name} ${loan.kit_copy}` : printed(one.code);
}

/** Says what came of a scan. Where more have been taken since, an answer that is as it should be is heard, and stands in the list. */
async function tell(made) {
  const { state, answer, problem, code } = made;
  const say = code === newest ? show : (color) => signals[color]();
  if (state === "done") {
    const { color, icon: name } = looks[answer.outcome];
    return say(color, name, words[answer.outcome], [answer.message, whereTo(answer)].join(" ").trim());
  }
  if (state === "waiting" && made.blocked) return show("danger", "stop", words.blocked, `${printed(code)}: ${made.blocked}`);
  const when = isSignedOut() ? words["saved-signed-out"] : words["saved-text"];
  if (state === "waiting") return say("neutral", "clock", words.saved, `${printed(code)} ${when}`);
  if (state === "kept") return show("warning", "alert", words.kept, `${problem.detail} ${words["kept-text"]}`);
  const text = problem.errors?.[0]?.detail ?? problem.detail;
  if (!HARMLESS.includes(problem.code)) {
    // It is remembered until somebody has seen it, also when this page is loaded again.
    unseen.push(made.id);
    const choices = problem.code === "loan.course_missing" ? [{ label: words["see-kit"], href: `/k/${code}` }] : [];
    return show("danger", "stop", words.stop, text, choices);
  }
  await forget(made.id).catch(() => {});
  if (problem.code === "scan.which_loan") return show("warning", "alert", words.which, text, await loansToChoose(made, problem.loans));
  const turn = made.action === "auto" && { out: "receive", in: "hand_out" }[problem.state];
  show("warning", "alert", words.nothing, text, turn ? [{ label: words[turn], act: () => take(code, { action: turn }) }] : []);
}

/** Which shelf a box that came in belongs on. */
function whereTo({ outcome, kit }) {
  return asked[outcome] === "receive" && kit.shelf && kit.status !== "in_service" ? words.shelf.replace("#", kit.shelf) : "";
}

const day = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short" });
const days = (loan) => [loan.first_day, loan.last_day].map((date) => day.format(new Date(`${date}T12:00`))).join(" – ");

async function loansToChoose(made, ids) {
  const action = made.action === "pack" ? "pack" : "hand_out";
  const loans = await Promise.all(ids.slice(0, 20).map(async (id) => (await fetch(`/api/v1/loans/${id}`)).json()));
  return loans.map((loan) => ({
    label: `${loan.unit.name} · ${days(loan)}`,
    act: () => take(made.code, { action, loan_id: loan.id }),
  }));
}

// The series that goes on says what the next scan is to do, unless an answer of the server stands here.
const going = page.querySelector(".result") ? undefined : series();
for (const choice of form.querySelectorAll("[name=action]")) {
  if (choice.value === going?.action) choice.checked = true;
  choice.addEventListener("change", () => {
    goOn(action());
    draw();
  });
}

// --- The list

const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const undoTime = Number(page.dataset.undoMinutes) * 60_000;

function stateOf(one) {
  if (one.back) return "undoing";
  if (!waits(one)) return one.state === "done" ? one.answer.outcome : one.state;
  return one.blocked ? "blocked" : one.told ? "saved" : "sending";
}

const clock = (at) => time.format(new Date(at)).replace(":", ".");

function drawRow(one) {
  const row = part("row").content.cloneNode(true);
  const state = stateOf(one);
  const { color, icon: name } = looks[state];
  const loan = one.answer?.loan;
  const kit = nameOf(one);
  row.querySelector("li").dataset.id = one.id;
  row.querySelector("b").textContent = kit;
  row.querySelector(".code").textContent = loan ? printed(one.code) : "";
  const about = state === "kept" ? words["kept-text"] : state === "blocked" ? one.blocked : loan ? loan.unit.name : words[one.action];
  row.querySelector("p").textContent = `${about} · ${clock(one.at)}`;
  const tag = row.querySelector(".ds-tag");
  tag.dataset.color = color;
  icon(tag, name);
  tag.querySelector("span").textContent = words[state];
  const check = row.querySelector("[data-check]");
  check.querySelector(".ds-sr-only").textContent = ` ${kit}`;
  if (asked[state] === "receive") check.href = `/lager/kontroll/${loan.kit_code}`;
  else check.remove();
  const button = row.querySelector("[data-undo]");
  button.querySelector(".ds-sr-only").textContent = ` ${kit}`;
  const undoable = !one.back && (waits(one) || (one.state === "done" && Date.now() - one.sent < undoTime));
  if (undoable) button.addEventListener("click", () => undo(one));
  else button.remove();
  return row;
}

/** A scan of somebody else that waits on this phone: what and when, not who. */
function drawOther(one) {
  const row = document.createElement("li");
  row.className = "item";
  row.textContent = `${printed(one.code)} · ${words[one.action]} · ${day.format(new Date(one.at))} ${clock(one.at)}`;
  return row;
}

let drawing = Promise.resolve();
function draw() {
  drawing = drawing.then(drawList).catch(() => {});
}

async function drawList() {
  const scans = await all();
  const list = scans.filter((one) => isOwn(one) && one.state !== "refused").reverse();
  const others = scans.filter((one) => one.person !== person && !one.stocktake && waits(one));
  const focused = document.activeElement?.closest("li")?.dataset.id;
  rows.querySelectorAll("[data-id]").forEach((row) => row.remove());
  rows.prepend(...list.map(drawRow));
  if (focused) rows.querySelector(`[data-id="${focused}"] [data-undo]`)?.focus();
  const count = rows.querySelectorAll("li").length;
  part("done").hidden = part("finish").hidden = count === 0;
  document.getElementById("done").textContent = counted(count);
  part("count").textContent = `${counted(count)} · ${words[action()]}`;
  part("finish").textContent = `${words.ready} (${count})`;
  bar.hidden = false;
  part("others").hidden = others.length === 0;
  part("others-rows").replaceChildren(...others.map(drawOther));
}

const counted = (count) => words[count === 0 ? "done-none" : count === 1 ? "done-one" : "done-some"].replace("#", count);

async function undo(one) {
  const { state, problem } = await takeBack(one.id).catch(() => ({}));
  if (problem) return show("warning", "alert", words.nothing, problem.detail);
  if (!state) return show("warning", "alert", words.nothing, words.again);
  return show("neutral", "back", words.undone, state === "undone" ? words["undone-text"] : `${nameOf(one)}: ${words.undoing}`);
}

part("adopt").addEventListener("click", async () => {
  await adopt().catch(() => {});
  show("neutral", "clock", words.saved, words.adopted);
});

follow(draw);
// A button that no longer does anything goes.
setInterval(draw, 60_000);

part("finish").addEventListener("click", async () => {
  if (isStopped()) return signals.danger();
  stopCamera();
  const [count, received] = [rows.querySelectorAll("li").length, rows.querySelectorAll("[data-check]").length];
  await endSeries();
  rows.querySelectorAll("[data-scan]").forEach((row) => row.remove());
  const check = { label: words["check-received"].replace("#", received), href: "/lager/kontroll" };
  panel("neutral", "check", words.finished, counted(count), received > 0 ? [check] : []);
  draw();
  focusField();
});

// --- From here on the page works without network, too

begin(register, () => goOn(action()), () => {
  for (const id of unseen.splice(0)) forget(id).catch(() => {});
});
draw();
// What was refused and nobody has seen stops the page that is loaded again.
for (const one of await all().catch(() => [])) if (isOwn(one) && one.state === "refused") tell(one);
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register("/sw.js", { scope: "/lager/skanna" });
  const registration = await navigator.serviceWorker.getRegistration("/lager/skanna");
  const worker = registration?.active ?? registration?.waiting ?? registration?.installing;
  worker?.postMessage("keep the page");
}
