// The scan page while it stays open: kits out and in, kept on the phone until they are sent.
"use strict";

const { all, endSeries, follow, forget, goOn, person, post, scan, update, waits } = await import(document.body.dataset.queue);
const { begin, clear, codeIn, focusField, icon, isStopped, page, part, printed, show, showWorking, signals, stopCamera, take, words } =
  await import(document.getElementById("scanning").dataset.scanner);
const [form, rows, bar] = ["scan-form", "rows", "bar"].map(part);
/** Offline, the same code within this many milliseconds is the same box. */
const TWICE = 2 * 60_000;

const looks = {
  handed_out: { color: "success", icon: "truck" },
  handed_out_swapped: { color: "warning", icon: "truck" },
  received: { color: "success", icon: "box" },
  returned: { color: "success", icon: "box" },
  packed: { color: "success", icon: "box" },
  saved: { color: "neutral", icon: "clock" },
  kept: { color: "warning", icon: "alert" },
  undone: { color: "neutral", icon: "back" },
};
/** Refusals after which nothing is wrong: the box has been seen to before. */
const HARMLESS = ["loan.already_received", "kit.not_out", "kit.packed", "scan.just_done", "scan.which_loan"];

// --- One scan

const action = () => new FormData(form).get("action");

async function register(text, more = {}) {
  if (isStopped()) return signals.danger();
  const { code, wrong } = codeIn(text);
  if (wrong) return show("danger", "stop", words.stop, wrong);
  const twice = (await all()).find((one) => waits(one) && !one.stocktake && one.code === code && Date.now() - Date.parse(one.at) < TWICE);
  if (twice) return show("warning", "alert", words.nothing, `${printed(code)} ${words.duplicate}`);
  showWorking();
  goOn(action());
  tell(await scan(code, more.action ?? action(), more));
}

/** Says what came of a scan. */
async function tell(made) {
  const { state, answer, problem, code } = made;
  if (state === "done") {
    const { color, icon: name } = looks[answer.outcome];
    return show(color, name, words[answer.outcome], answer.message);
  }
  if (state === "waiting") return show("neutral", "clock", words.saved, `${printed(code)} ${words["saved-text"]}`);
  if (state === "kept") return show("warning", "alert", words.kept, `${problem.detail} ${words["kept-text"]}`);
  await forget(made.id);
  const text = problem.errors?.[0]?.detail ?? problem.detail;
  if (problem.code === "scan.which_loan") return show("warning", "alert", words.which, text, await loansToChoose(made, problem.loans));
  const harmless = HARMLESS.includes(problem.code);
  const choices = problem.code === "loan.course_missing" ? [{ label: words["see-kit"], href: `/k/${code}` }] : [];
  return show(harmless ? "warning" : "danger", harmless ? "alert" : "stop", harmless ? words.nothing : words.stop, text, choices);
}

async function loansToChoose(made, ids) {
  const action = made.action === "pack" ? "pack" : "hand_out";
  const loans = await Promise.all(ids.slice(0, 20).map(async (id) => (await fetch(`/api/v1/loans/${id}`)).json()));
  return loans.map((loan) => ({
    label: `${loan.unit.name} · ${loan.first_day} – ${loan.last_day}`,
    act: () => take(made.code, { action, loan_id: loan.id }),
  }));
}

for (const choice of form.querySelectorAll("[name=action]")) {
  choice.addEventListener("change", () => goOn(action()));
}

// --- The list

const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const undoTime = Number(page.dataset.undoMinutes) * 60_000;

function drawRow(one) {
  const row = part("row").content.cloneNode(true);
  const state = one.state === "done" ? one.answer.outcome : one.state === "waiting" ? "saved" : one.state;
  const { color, icon: name } = looks[state];
  const loan = one.answer?.loan;
  const kit = loan ? `${loan.kit_type.name} ${loan.kit_copy}` : printed(one.code);
  row.querySelector("li").dataset.id = one.id;
  row.querySelector("b").textContent = kit;
  row.querySelector(".code").textContent = loan ? printed(one.code) : "";
  const about = state === "kept" ? words["kept-text"] : state === "saved" ? words[one.action] : loan.unit.name;
  row.querySelector("p").textContent = `${about} · ${time.format(new Date(one.at))}`;
  const tag = row.querySelector(".ds-tag");
  tag.dataset.color = color;
  icon(tag, name);
  tag.querySelector("span").textContent = words[state];
  const check = row.querySelector("[data-check]");
  check.querySelector(".ds-sr-only").textContent = ` ${kit}`;
  if (state === "received" || state === "returned") check.href = `/lager/kontroll/${one.answer.loan.kit_code}`;
  else check.remove();
  const button = row.querySelector("[data-undo]");
  button.querySelector(".ds-sr-only").textContent = ` ${kit}`;
  // A scan that was tried to be sent may have been done; so it can only be undone once the server has answered.
  const undoable = (one.state === "done" && Date.now() - one.sent < undoTime) || (one.state === "waiting" && !one.tried);
  if (undoable) button.addEventListener("click", () => undo(one));
  else button.remove();
  return row;
}

let drawing = Promise.resolve();
function draw() {
  drawing = drawing.then(async () => {
    const list = (await all()).filter((one) => one.person === person && !one.stocktake && one.state !== "refused" && (one.state !== "waiting" || one.told)).reverse();
    const focused = document.activeElement?.closest("li")?.dataset.id;
    rows.querySelectorAll("[data-id]").forEach((row) => row.remove());
    rows.prepend(...list.map(drawRow));
    if (focused) rows.querySelector(`[data-id="${focused}"] [data-undo]`)?.focus();
    const count = rows.querySelectorAll("li").length;
    part("done").hidden = count === 0;
    document.getElementById("done").textContent = counted(count);
    part("count").textContent = counted(count);
    part("finish").textContent = `${words.ready} (${count})`;
    bar.hidden = false;
  });
}

const counted = (count) => (count === 0 ? words["done-none"] : words["done-some"].replace("#", count));

async function undo(one) {
  if (waits(one)) {
    await forget(one.id);
    return show("neutral", "back", words.undone, words["undone-text"]);
  }
  const answer = await post(`/api/v1/scans/${one.id}/undo`, {});
  if (!answer) return show("warning", "alert", words.nothing, words.again);
  if (!answer.ok) return show("warning", "alert", words.nothing, (await answer.json()).detail);
  await update(one.id, { state: "undone" });
  return show("neutral", "back", words.undone, words["undone-text"]);
}

follow(draw);
// A button that no longer does anything goes.
setInterval(draw, 60_000);

part("finish").addEventListener("click", async () => {
  stopCamera();
  await endSeries();
  rows.querySelectorAll("[data-scan]").forEach((row) => row.remove());
  clear();
  draw();
  focusField();
});

// --- From here on the page works without network, too

begin(register, () => goOn(action()));
draw();
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register("/sw.js", { scope: "/lager/skanna" });
  const registration = await navigator.serviceWorker.getRegistration("/lager/skanna");
  const worker = registration?.active ?? registration?.waiting ?? registration?.installing;
  worker?.postMessage("keep the page");
}
