// The scan page while it stays open: kits out and in, kept on the phone until they are sent.
"use strict";

const queue = await import(document.body.dataset.queue);
const { adopt, all, endSeries, follow, forget, goOn, isSignedOut, joinSeries, person, scan, series, takeBack, update, waits } = queue;
const scanner = await import(document.getElementById("scanning").dataset.scanner);
const { begin, codeIn, drop, focusField, icon, isStopped, keepPage, page, panel, part, printed, show, signals, stopCamera, take, trouble, words } = scanner;
const { isKept, known, refresh, search } = await import(page.dataset.known);
const [form, rows, bar] = ["scan-form", "rows", "bar"].map(part);
/** How long a box that was scanned here is not scanned again by mistake, in milliseconds. */
const HALF_DAY = 12 * 60 * 60_000;

const looks = {
  sending: { color: "neutral", icon: "clock" },
  undoing: { color: "neutral", icon: "back" },
  blocked: { color: "danger", icon: "alert" },
  handed_out: { color: "success", icon: "truck" },
  handed_out_swapped: { color: "success", icon: "truck" },
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
/** The unit whose kits are being handed out or packed, if one was chosen. */
const unit = () => (action() === "receive" ? "" : new FormData(form).get("unit_id")) || undefined;
/** What the next scan is for. */
const going = () => ({ action: action(), ...(unit() && { unit_id: unit() }) });

/** The code that was taken last: the answers to those before it stand in the list. */
let newest = "";
/** The scans that were refused and that nobody has seen yet. */
const unseen = [];

async function register(text, { action: wish = action(), loan_id, again } = {}) {
  const { code, wrong } = codeIn(text);
  const before = again || wrong ? undefined : await lastOf(code);
  if (isStopped()) return drop(text);
  if (wrong) return show("danger", "stop", words.stop, wrong);
  if (before && repeats(before, wish)) return duplicate(before, wish);
  goOn(going());
  newest = code;
  panel("neutral", "clock", words.working, printed(code));
  scan(code, wish, loan_id ? { loan_id } : { unit_id: unit() }).then(tell).catch(trouble);
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
  return loan ? `${loan.kit_type.name} ${loan.kit_copy}` : (known(one.code)?.name ?? printed(one.code));
}

/** Says what came of a scan. Where more have been taken since, an answer that is as it should be is heard, and stands in the list. */
async function tell(made) {
  const { state, answer, problem, code } = made;
  const say = code === newest ? show : (color) => signals[color]();
  if (state === "done") {
    const { color, icon: name } = looks[answer.outcome];
    return say(color, name, words[answer.outcome], [answer.message, answer.afterwards].filter(Boolean));
  }
  if (state === "waiting" && made.blocked) return show("danger", "stop", words.blocked, `${printed(code)}: ${made.blocked}`);
  const when = isSignedOut() ? words["saved-signed-out"] : words["saved-text"];
  if (state === "waiting" && isUnknown(made)) return say("warning", "alert", words.unknown, `${printed(code)} ${words["unknown-text"]}`);
  if (state === "waiting") return say("neutral", "clock", words.saved, `${nameOf(made)} ${when}`);
  if (state === "kept") return show("warning", "alert", words.kept, `${problem.detail} ${words["kept-text"]}`);
  const text = problem.errors?.[0]?.detail ?? problem.detail;
  if (!HARMLESS.includes(problem.code)) {
    // It is remembered until somebody has seen it, also when this page is loaded again.
    unseen.push(made.id);
    return show("danger", "stop", words.stop, text, wayOn(problem.code, code));
  }
  await forget(made.id).catch(() => {});
  if (problem.code === "scan.which_loan") return show("warning", "alert", words.which, text, await loansToChoose(made, problem.loans));
  const turn = made.action === "auto" && { out: "receive", in: "hand_out" }[problem.state];
  show("warning", "alert", words.nothing, text, turn ? [{ label: words[turn], act: () => take(code, { action: turn }) }] : []);
}

/** What can be done about a refusal. */
function wayOn(refusal, code) {
  if (refusal === "loan.course_missing") return [{ label: words["see-kit"], href: `/k/${code}` }];
  if (refusal === "kit.unchecked") return [{ label: words.check, href: `/lager/kontroll/${code}` }];
  return [];
}

/** A code that is none of a kit here, as far as the phone knows. */
const isUnknown = (one) => isKept() && !known(one.code);

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

// The series that goes on says what the next scan is to do, unless the server does: in its answer, or as it was asked.
const isSaid = page.querySelector(".result") || new URLSearchParams(location.search).has("gor");
const before = isSaid || series()?.stocktake_id ? undefined : series();
for (const choice of form.querySelectorAll("[name=action], [name=unit_id]")) {
  const was = choice.name === "action" ? before?.action : (before?.unit_id ?? "");
  if (before && choice.value === was) choice.checked = true;
  choice.addEventListener("change", () => {
    goOn(going());
    draw();
  });
}
if (unit()) part("whose").open = true;

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
  row.querySelector(".code").textContent = kit === printed(one.code) ? "" : printed(one.code);
  row.querySelector("p").textContent = `${about(one, state)} · ${clock(one.at)}`;
  row.querySelector("[data-afterwards]").textContent = one.answer?.afterwards ?? "";
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

/** What a row says of its box. */
function about(one, state) {
  if (state === "kept") return words["kept-text"];
  if (state === "blocked") return one.blocked;
  if (one.answer) return one.answer.loan.unit.name;
  return isUnknown(one) ? words.unknown : words[one.action];
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
  const others = scans.filter((one) => one.person !== person && waits(one));
  const focused = document.activeElement?.closest("li")?.dataset.id;
  rows.querySelectorAll("[data-id]").forEach((row) => row.remove());
  rows.prepend(...list.map(drawRow));
  if (focused) rows.querySelector(`[data-id="${focused}"] [data-undo]`)?.focus();
  const count = rows.querySelectorAll("li").length;
  part("done").hidden = part("finish").hidden = count === 0;
  document.getElementById("done").textContent = counted(count);
  drawWhose(scans);
  part("count").textContent = [counted(count), words[action()], whoseLeft()].filter(Boolean).join(" · ");
  part("finish").textContent = `${words.ready} (${count})`;
  bar.hidden = false;
  part("others").hidden = others.length === 0;
  part("others-rows").replaceChildren(...others.map(drawOther));
}

/** What is left to hand out to each unit, after what was done here. */
function drawWhose(scans) {
  const place = part("whose");
  if (!place) return;
  const gone = new Set(scans.filter((one) => isOwn(one) && one.state === "done" && did(one) === "hand_out").map((one) => one.answer.loan.id));
  for (const kit of place.querySelectorAll("[data-loan]")) kit.hidden = gone.has(kit.dataset.loan);
  for (const one of place.querySelectorAll("[data-unit]")) {
    one.querySelector("[data-left]").textContent = words.left.replace("#", one.querySelectorAll("[data-loan]:not([hidden])").length);
  }
  place.hidden = action() === "receive";
  part("whose-now").textContent = whoseLeft() || words["all-units"];
}

/** The unit whose kits are being handed out, with how many are left. */
function whoseLeft() {
  const one = unit() && page.querySelector(`[data-unit="${unit()}"]`);
  return one ? `${one.querySelector("b").textContent}: ${one.querySelector("[data-left]").textContent}` : "";
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
  const list = (await all()).filter(isOwn);
  const left = await leftToCheck(list);
  // A page that came without script has told of scans that this phone does not keep.
  rows.querySelectorAll("[data-scan]").forEach((row) => row.remove());
  await endSeries();
  const check = { label: words["check-received"].replace("#", left), href: "/lager/kontroll" };
  panel("neutral", "check", words.finished, summary(list), left > 0 ? [check] : []);
  for (const all of form.querySelectorAll("[name=unit_id][value='']")) all.checked = true;
  draw();
  focusField();
});

/** What came of a series: how many went out and came in, and which boxes were refused. */
function summary(list) {
  const line = (kind) => {
    const of = list.filter((one) => endOf(one) === kind);
    if (of.length === 0) return [];
    const names = kind === "refused" ? ` (${of.map(nameOf).join(", ")})` : "";
    return [words[`end-${kind}`].replace("#", of.length) + names];
  };
  const kinds = ["handed_out", "packed", "received", "waiting", "kept", "undone", "refused"];
  return kinds.flatMap(line).join(" · ") || words["end-none"];
}

/** How a scan ended, as a series is summed up. */
function endOf(one) {
  if (one.state !== "done") return one.state;
  return { hand_out: "handed_out", receive: "received", pack: "packed" }[did(one)];
}

/** How many of the boxes that came in wait for their check: all, when the server cannot say. */
async function leftToCheck(list) {
  const received = list.filter((one) => endOf(one) === "received").map((one) => one.code);
  const answer = received.length > 0 ? await fetch("/api/v1/kits-to-check").catch(() => undefined) : undefined;
  if (!answer?.ok) return received.length;
  const waiting = new Set((await answer.json()).items.map((kit) => kit.kit_code));
  return received.filter((code) => waiting.has(code)).length;
}

// --- A box without label

const sought = document.getElementById("sok");

function drawFound() {
  const found = search(sought.value);
  part("found").replaceChildren(...found.map((kit) => {
    const row = part("kit").content.cloneNode(true);
    row.querySelector("b").textContent = kit.name;
    row.querySelector(".code").textContent = printed(kit.code);
    row.querySelector("p").textContent = [kit.unit, kit.shelf].filter(Boolean).join(" · ");
    row.querySelector("button").value = kit.code;
    row.querySelector(".ds-sr-only").textContent = ` ${kit.name}`;
    return row;
  }));
  part("found-none").textContent = sought.value.trim() && found.length === 0 ? words[isKept() ? "search-none" : "search-empty"] : "";
}

sought.addEventListener("input", drawFound);
part("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  // A hand scanner writes wherever the focus is.
  const { code } = codeIn(sought.value);
  if (known(code)) choose(code);
  else drawFound();
});
part("found-form").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  choose(event.submitter.value);
});

/** Takes a box that was found as if it were scanned. */
function choose(code) {
  sought.value = "";
  drawFound();
  part("search").open = false;
  take(code);
  focusField();
}

// --- From here on the page works without network, too

begin(register, () => goOn(going()), () => {
  // What was refused counts when the series is summed up.
  for (const id of unseen.splice(0)) update(id, { seen: true }).catch(() => {});
});
draw();
// What was refused and nobody has seen stops the page that is loaded again.
for (const one of await all().catch(() => [])) if (isOwn(one) && one.state === "refused" && !one.seen) tell(one);
refresh().then(draw).catch(() => {});
/** What was scanned elsewhere in this series stands in the list, too. */
const join = () => joinSeries().catch(() => {});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") join(); });
join();
await keepPage();
