// The reading room: one key for each thing that can be done, what is selected in an answer is what is masked, and nothing that
// was written is lost by going on.

const STORED = "reading-keys";
const on = document.querySelector("[data-keys-on]");
document.querySelector("[data-keys]")?.removeAttribute("hidden");

// Whoever speaks to the computer, or slips on a key, turns them off.
if (on) {
  on.checked = localStorage.getItem(STORED) !== "off";
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
}

/** What is selected of an answer, without what lies around it. */
function selectedOf(answer, selection) {
  const part = document.createRange();
  part.selectNodeContents(answer);
  if (selection.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(selection.startContainer, selection.startOffset);
  if (selection.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(selection.endContainer, selection.endOffset);
  return part.toString().trim();
}

/** The one answer in which a passage is selected, and the passage. Three clicks select up to the next answer's beginning. */
function selected() {
  const selection = getSelection();
  if (!selection?.rangeCount) return undefined;
  const range = selection.getRangeAt(0);
  const answers = [...document.querySelectorAll("[data-passage]")].filter((answer) => range.intersectsNode(answer));
  const passages = answers.map((answer) => ({ question: answer.dataset.passage, passage: selectedOf(answer, range) }));
  const some = passages.filter(({ passage }) => passage);
  return some.length === 1 ? some[0] : undefined;
}

/** Puts what is selected into the form that masks it, and leads to its button. */
function mask() {
  const { question, passage } = selected() ?? {};
  const form = question ? document.querySelector(`[data-mask="${CSS.escape(question)}"]`) : document.querySelector("[data-mask]");
  if (!form) return;
  form.closest("details").open = true;
  if (passage) form.elements.passage.value = passage;
  (passage ? form.querySelector("button") : form.elements.passage).focus();
}

let leaving = false;
document.addEventListener("keydown", (event) => {
  const elsewhere = event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.closest("input:not([type=checkbox]), textarea, select");
  if (elsewhere || leaving || !on?.checked) return;
  const key = event.key.toLowerCase();
  if (key === "m") {
    event.preventDefault();
    mask();
    return;
  }
  const found = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.matches("input")) found.focus();
  else found.click();
  // What was pressed is being done, and the page with it about to change.
  leaving = !found.matches("input");
});
addEventListener("pageshow", () => { leaving = false; });

// A note goes along with whatever is marked next. What else was written and not sent is asked about before the page is left.
const note = document.querySelector("#note");
const unsaved = (field) => field.value !== field.defaultValue || (field.matches("[aria-invalid]") && field.value !== "");
const marks = [...document.forms].filter((form) => form.action.includes("/marken"));
for (const form of marks.filter((one) => one !== note.form)) {
  form.addEventListener("formdata", ({ formData }) => {
    if (!unsaved(note)) return;
    for (const name of ["note", "note_seen"]) formData.set(name, note.form.elements[name].value);
  });
}
let sending;
document.addEventListener("submit", ({ target }) => { sending = target; });
addEventListener("beforeunload", (event) => {
  const goesAlong = (field) => field.form === sending || (field === note && marks.includes(sending));
  const written = [...document.querySelectorAll("main textarea, main [name=add_theme]")];
  if (!written.some((field) => unsaved(field) && !goesAlong(field))) return;
  event.preventDefault();
  // Whoever stays can go on as before.
  setTimeout(() => {
    leaving = false;
    delete sending?.dataset.sent;
    sending = undefined;
  });
});

// A tap on "mask" takes what is selected, too: a finger has no keys.
for (const summary of document.querySelectorAll("details:has([data-mask]) > summary")) {
  let passage;
  summary.addEventListener("pointerdown", () => {
    const form = summary.parentElement.querySelector("[data-mask]");
    const now = selected();
    passage = now?.question === form.dataset.mask ? now.passage : undefined;
  });
  summary.addEventListener("click", () => {
    if (passage) summary.parentElement.querySelector("[data-mask]").elements.passage.value = passage;
  });
}
