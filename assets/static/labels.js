// Kits are chosen by scanning them, on the page where their labels are printed.
"use strict";

const scanning = document.getElementById("scanning");
const form = document.querySelector("form[data-preview]");
scanning.hidden = false;

// The camera's part is asked for when somebody wants it.
scanning.addEventListener("toggle", async () => {
  const { begin, codeIn, drop, isStopped, printed, show, words } = await import(scanning.dataset.scanner);
  begin(async (text) => {
    if (isStopped()) return drop(text);
    const { code, wrong } = codeIn(text);
    if (wrong) return show("danger", "stop", words.stop, wrong);
    if (boxOf(printed(code))) return show("success", "check", words.chosen, choose(printed(code)));
    // A label that has been replaced stands for the one that took its place; a code that is nobody's has no label.
    const { status, code: what, code_now: now, detail } = await about(code);
    if (status === 404) return show("danger", "stop", words.stop, detail);
    if (what === "code.replaced") return show("warning", "alert", words.chosen, `${detail} ${choose(printed(now))}`);
    return show("success", "check", words.chosen, choose(printed(code)));
  });
}, { once: true });

/** What the server says of a code that is in no list; nothing without network. */
async function about(code) {
  const answer = await fetch(`/api/v1/kits/${code}`).catch(() => undefined);
  return answer?.ok === false ? answer.json() : {};
}

function boxOf(code) {
  return [...form.querySelectorAll("[name=code]")].find((one) => one.value === code);
}

/** Chooses a kit by its code: it is ticked in the list, or written below it. Gives its name, or the code. */
function choose(code) {
  const box = boxOf(code);
  const { codes } = form.elements;
  if (box) box.checked = true;
  else if (!codes.value.includes(code)) codes.value = `${codes.value.trimEnd()}\n${code}`.trimStart();
  form.dispatchEvent(new Event("change"));
  return box ? `${box.closest("label").querySelector("b").textContent} ${code}` : code;
}
