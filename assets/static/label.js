// A label that was read with the phone's own camera joins the series of scans that goes on: the box is registered at once,
// unless this page is only looked at again.
"use strict";

const place = document.querySelector("[data-joins]");
const { all, person, scan, series } = await import(document.body.dataset.queue);
const going = series();
// A link on a page could lead here, too; the camera comes from nowhere.
const read = performance.getEntriesByType("navigation")[0]?.type === "navigate" && document.referrer === "";

if (place && going && person) {
  const { code } = place.dataset;
  const before = (await all()).some((one) => one.code === code && one.state !== "refused");
  if (read && !before) tell(await scan(code, going.action));
  else place.querySelector("[data-list]").hidden = false;
}

function tell({ state, answer, problem }) {
  const panel = place.querySelector(".result");
  const { dataset } = place;
  const told = {
    done: () => ["success", "check", dataset.done, answer.message],
    waiting: () => ["neutral", "clock", dataset.saved, dataset.savedText],
    kept: () => ["warning", "alert", dataset.nothing, problem.detail],
    refused: () => ["danger", "stop", dataset.stop, problem.errors?.[0]?.detail ?? problem.detail],
  };
  const [color, icon, title, text] = told[state]();
  panel.dataset.color = color;
  panel.querySelector("use").setAttribute("href", `${dataset.icons}#${icon}`);
  panel.querySelector("h2").textContent = title;
  panel.querySelector("p").textContent = text;
  panel.hidden = false;
  place.querySelector("[data-list]").hidden = false;
  place.querySelector("[data-next]").hidden = false;
  if ("vibrate" in navigator) navigator.vibrate(color === "danger" ? [200, 80, 200] : 60);
}
