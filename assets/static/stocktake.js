// Counting shelves on a page that stays open: each kit is answered at once, kept on the phone without network, and what
// others count is seen here, too.
"use strict";

const { all, follow, forget, goOn, isSignedOut, person, post, scan, waits } = await import(document.body.dataset.queue);
const { known, refresh: refreshNames } = await import(document.getElementById("scanning").dataset.known);
const { acknowledge, begin, codeIn, drop, focusField, icon, isStopped, keepPage, page, part, printed, show, showWorking, words } =
  await import(document.getElementById("scanning").dataset.scanner);
const [form, rows] = ["scan-form", "rows"].map(part);
const id = page.dataset.stocktake;
const path = `/api/v1/stocktakes/${id}`;
/** Where whoever counts stands; empty where the kits without a shelf are. A page kept on the phone does not say; its address does. */
let shelf = page.dataset.shelf ?? new URLSearchParams(location.search).get("hylla") ?? undefined;
if (shelf !== page.dataset.shelf) part("standing").textContent = shelf ? words.standing.replace("#", shelf) : words["standing-homeless"];
/** How often the page looks for what others have counted, in milliseconds. */
const LOOK_AROUND = 20_000;

const looks = {
  found: { color: "success", icon: "check" },
  already_counted: { color: "warning", icon: "alert" },
  other_shelf: { color: "warning", icon: "alert" },
  out: { color: "danger", icon: "stop" },
  lost: { color: "danger", icon: "stop" },
  retired: { color: "danger", icon: "stop" },
};

// --- One kit

async function register(text) {
  if (isStopped()) return drop(text);
  const { code, wrong } = codeIn(text);
  if (wrong) return show("danger", "stop", words.stop, wrong);
  const twice = (await all().catch(() => [])).find((one) => waits(one) && one.stocktake === id && one.code === code);
  if (twice) return show("warning", "alert", words.nothing, `${printed(code)} ${words.duplicate}`);
  goOn(going());
  showWorking();
  return tell(await scan(code, "stocktake", { stocktake: id, shelf }));
}

/** The series that a label joins which the phone's own camera opens: this stocktake, at this shelf. */
const going = () => ({ action: "auto", stocktake_id: id, ...(shelf !== undefined && { shelf }) });
const nameOf = (code) => [known(code)?.name, printed(code)].filter(Boolean).join(" ");

/** Says what came of a scan. */
async function tell({ id: made, state, answer, problem, code, blocked }) {
  if (state === "waiting" && blocked) return show("danger", "stop", words.blocked, `${nameOf(code)}: ${blocked}`);
  const when = isSignedOut() ? words["saved-signed-out"] : words["saved-text"];
  if (state === "waiting") return show("neutral", "clock", words.saved, `${nameOf(code)} ${when}`);
  await forget(made).catch(() => {});
  if (state !== "done") return show("danger", "stop", words.stop, why(problem));
  const { color, icon: name } = looks[answer.outcome];
  show(color, name, words[answer.outcome], answer.message, choices(answer.line));
  return refresh();
}

const why = (problem) => problem.errors?.[0]?.detail ?? problem.detail;

function choices(line) {
  return line.possible.map((correction) => ({
    label: words[`do-${correction}`].replace("#", line.shelf ?? ""),
    act: () => correct(line.kit_code, correction),
  }));
}

/** Puts something right with one tap; what else can be, is offered next. */
async function correct(code, correction) {
  acknowledge();
  const line = await ask(`${path}/corrections`, { code, correction });
  if (!line) return;
  show("success", "check", words[`did-${correction}`], `${line.kit_type.name} ${line.kit_copy}`, choices(line));
  await refresh();
}

/** Asks the server for something that cannot wait; nothing when it said no, which is told. */
async function ask(address, body) {
  const answer = await post(address, body);
  if (answer?.ok) return answer.json();
  show("warning", "alert", words.nothing, answer ? why(await answer.json()) : words.again);
  return undefined;
}

// --- What is done, and what is left

async function refresh() {
  let fresh;
  try {
    const answer = await fetch(location.pathname + location.search);
    // Somebody has closed it.
    if (answer.redirected) return location.reload();
    if (!answer.ok) return;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return;
  }
  for (const name of ["live", "shelves"]) {
    const [old, now] = [part(name), fresh.querySelector(`[data-${name}]`)];
    // Who is at a button there keeps it.
    if (now && !old.contains(document.activeElement)) old.replaceChildren(...now.childNodes);
  }
  part("close").querySelector("p").textContent = fresh.querySelector("[data-close] p").textContent;
}

setInterval(() => { if (document.visibilityState === "visible") refresh(); }, LOOK_AROUND);

page.addEventListener("click", (event) => {
  const link = event.target.closest("[data-go]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  shelf = link.dataset.go;
  part("standing").textContent = shelf ? words.standing.replace("#", link.textContent) : words["standing-homeless"];
  history.replaceState(null, "", link.getAttribute("href"));
  goOn(going());
  focusField();
  refresh();
});

page.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (!target.matches("[data-undo], [data-correct]")) return;
  event.preventDefault();
  event.stopPropagation();
  focusField();
  const sent = new FormData(target, submitter);
  if (target.matches("[data-correct]")) return correct(sent.get("code"), sent.get("correction"));
  if (await ask(`${path}/scans/${sent.get("scan")}/undo`, {})) {
    show("neutral", "back", words.undone, words["undone-text"]);
    await refresh();
  }
});

// --- What waits on the phone; what could not be counted when it was sent stands at the top of every page

function drawRow(one) {
  const row = part("row").content.cloneNode(true);
  row.querySelector("b").textContent = nameOf(one.code);
  row.querySelector("p").textContent = one.blocked ?? one.shelf ?? "";
  row.querySelector(".ds-tag").dataset.color = one.blocked ? "danger" : "neutral";
  icon(row, one.blocked ? "alert" : "clock");
  row.querySelector(".ds-tag span").textContent = one.blocked ? words.blocked : words.saved;
  return row;
}

let sent = 0;
let drawing = Promise.resolve();
function draw() {
  drawing = drawing.then(drawList).catch(() => {});
}

async function drawList() {
  const own = (await all()).filter((one) => one.person === person && one.stocktake === id);
  const list = own.filter((one) => one.told && waits(one));
  rows.replaceChildren(...list.map(drawRow));
  rows.hidden = list.length === 0;
  // What waited has arrived.
  const done = own.filter((one) => one.state === "done").length;
  if (done > sent) refresh();
  sent = done;
}

follow(draw);
draw();
begin(register);
goOn(going());
keepPage().catch(() => {});
refreshNames().then(draw).catch(() => {});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refresh(); });
