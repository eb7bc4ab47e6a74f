// A label that was read with the phone's own camera joins the series of scans that goes on: the box is registered at once,
// unless this page is only looked at again.
"use strict";

const place = document.querySelector("[data-joins]");
const { all, forget, person, scan, series, takeBack } = await import(document.body.dataset.queue);
const panel = place?.querySelector(".result");
const going = series();
// A link on a page could lead here, too; the camera comes from nowhere. Browsers that tell the server of such links are not
// let here at all.
const read = performance.getEntriesByType("navigation")[0]?.type === "navigate" && document.referrer === "";

if (place && going && person) {
  const { code } = place.dataset;
  const before = (await all()).some((one) => one.code === code && !one.stocktake && one.state !== "refused");
  if (read && !before) tell(await scan(code, going.action));
  else place.querySelector("[data-list]").hidden = false;
}

async function tell({ id, state, answer, problem, blocked }) {
  const { dataset } = place;
  const told = {
    done: () => ["success", "check", dataset.done, answer.message],
    waiting: () => (blocked ? ["danger", "stop", dataset.stop, blocked] : ["neutral", "clock", dataset.saved, dataset.savedText]),
    kept: () => ["warning", "alert", dataset.nothing, problem.detail],
    refused: () => ["danger", "stop", dataset.stop, problem.errors?.[0]?.detail ?? problem.detail],
  };
  const [color, icon, title, text] = told[state]();
  say(color, icon, title, text);
  const button = panel.querySelector("[data-undo]");
  button.hidden = !["done", "waiting"].includes(state);
  button.addEventListener("click", async () => {
    const { state: now, problem: why } = await takeBack(id).catch(() => ({}));
    button.hidden = Boolean(now);
    if (now) say("neutral", "back", dataset.undone, now === "undone" ? dataset.undoneText : dataset.undoing);
    else say("warning", "alert", dataset.nothing, why?.detail ?? dataset.again);
  });
  place.querySelector("[data-list]").hidden = false;
  place.querySelector("[data-next]").hidden = false;
  if ("vibrate" in navigator) navigator.vibrate(color === "danger" ? [200, 80, 200] : 60);
  // It is told here, and need not be told again.
  if (state === "refused") await forget(id);
}

function say(color, icon, title, text) {
  panel.dataset.color = color;
  panel.querySelector("use").setAttribute("href", `${place.dataset.icons}#${icon}`);
  panel.querySelector("h2").textContent = title;
  panel.querySelector("p").textContent = text;
  panel.hidden = false;
}
