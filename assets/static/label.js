// A label that was read with the phone's own camera joins the series of scans that goes on: the box is registered or counted
// at once, unless this page is only looked at again. The server says which series that is, and says none to who came by a
// link on a page.
"use strict";

const place = document.querySelector("[data-joins]");
const { all, forget, goOn, person, scan, takeBack } = await import(document.body.dataset.queue);
const panel = place.querySelector(".result");
const { code, action, unit, stocktake, shelf } = place.dataset;
// Browsers that do not tell the server of links tell at least here from where one came; the camera comes from nowhere.
const read = performance.getEntriesByType("navigation")[0]?.type === "navigate" && document.referrer === "";

const before = (await all()).some((one) => one.code === code && (one.stocktake ?? "") === stocktake && one.state !== "refused");
if (read && person && (!before || stocktake)) await register();
else place.querySelector("[data-list]").hidden = false;

async function register() {
  if (stocktake) {
    goOn({ action, stocktake_id: stocktake, ...(shelf !== undefined && { shelf }) });
    return tell(await scan(code, "stocktake", { stocktake, shelf }));
  }
  goOn({ action, ...(unit && { unit_id: unit }) });
  return tell(await scan(code, action, { unit_id: unit || undefined }));
}

/** What came of it, as it is shown: its colour, icon, title and text. */
function said({ state, answer, problem, blocked }) {
  const { dataset } = place;
  if (state === "done" && stocktake) {
    const found = answer.outcome === "found";
    return [found ? "success" : "warning", found ? "check" : "alert", dataset.counted, answer.message];
  }
  if (state === "done") return ["success", "check", dataset.done, [answer.message, answer.afterwards].filter(Boolean).join(" ")];
  if (state === "waiting" && blocked) return ["danger", "stop", dataset.stop, blocked];
  if (state === "waiting") return ["neutral", "clock", dataset.saved, dataset.savedText];
  if (state === "kept") return ["warning", "alert", dataset.nothing, problem.detail];
  return ["danger", "stop", dataset.stop, problem.errors?.[0]?.detail ?? problem.detail];
}

async function tell(made) {
  const { dataset } = place;
  const [color, icon, title, text] = said(made);
  say(color, icon, title, text);
  const button = panel.querySelector("[data-undo]");
  button.hidden = !["done", "waiting"].includes(made.state);
  button.addEventListener("click", async () => {
    const { state: now, problem: why } = await takeBack(made.id).catch(() => ({}));
    button.hidden = Boolean(now);
    if (now) say("neutral", "back", dataset.undone, now === "undone" ? dataset.undoneText : dataset.undoing);
    else say("warning", "alert", dataset.nothing, why?.detail ?? dataset.again);
  });
  place.querySelector("[data-list]").hidden = false;
  place.querySelector("[data-next]").hidden = false;
  // Without a tap first, browsers refuse and complain.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(color === "danger" ? [200, 80, 200] : 60);
  // It is told here, and need not be told again.
  if (made.state === "refused") await forget(made.id);
}

function say(color, icon, title, text) {
  panel.dataset.color = color;
  panel.querySelector("use").setAttribute("href", `${place.dataset.icons}#${icon}`);
  panel.querySelector("h2").textContent = title;
  panel.querySelector("p").textContent = text;
  panel.hidden = false;
}
