// Small comforts for a page that already works without them.
"use strict";

// An error summary takes the focus, so that it is seen, and read aloud, first.
document.querySelector("[data-error-summary]")?.focus();

// A typed kit code gets its hyphen, and its letters become capitals: 7k3m9qx is shown as 7K3-M9QX.
for (const input of document.querySelectorAll("input[data-kit-code]")) {
  input.addEventListener("input", () => {
    const plain = input.value.toUpperCase().replace(/[\s-]/g, "");
    if (!/^[0-9A-Z]*$/.test(plain) || plain.length > 7) return; // A scanned address is left as it is.
    if (input.selectionStart !== input.value.length) return; // Someone is correcting in the middle.
    input.value = plain.length > 3 ? `${plain.slice(0, 3)}-${plain.slice(3)}` : plain;
  });
}

// The sheet follows the printer in which it lies.
for (const printer of document.querySelectorAll("select[data-printers]")) {
  printer.addEventListener("change", () => {
    const { stock } = printer.selectedOptions[0].dataset;
    if (stock) printer.form.elements.sheet.value = stock;
  });
}

// The picture of a page of labels follows what is chosen, and what is typed as soon as it makes a page.
const TYPED = 300;
for (const form of document.querySelectorAll("form[data-preview]")) {
  const picture = form.querySelector("img");
  const address = () => {
    const chosen = new FormData(form);
    const typed = chosen.get("codes").split(/[\n,;]+/).filter((code) => code.trim());
    const wanted = [...chosen.getAll("code"), ...typed];
    const codes = wanted.length > 0 ? wanted : [...form.querySelectorAll("[name=code]")].map((box) => box.value);
    const query = new URLSearchParams({ codes: codes.slice(0, 200).join(",") });
    for (const name of ["kind", "sheet", "start", "copies", "printer"]) query.set(name, chosen.get(name) ?? "");
    return `${form.dataset.preview}?${query}`;
  };
  let typing;
  form.addEventListener("change", () => {
    clearTimeout(typing);
    picture.src = address();
  });
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      const made = new Image();
      made.addEventListener("load", () => { picture.src = made.src; });
      made.src = address();
    }, TYPED);
  });
}

// A list in which something may change by itself is renewed, unless somebody is about to press one of its buttons.
const RENEWED_EVERY = 3000;
const moving = document.querySelector("[data-renew]");
if (moving) setTimeout(() => renew(moving), RENEWED_EVERY);

async function renew(list) {
  const again = () => setTimeout(() => renew(list), RENEWED_EVERY);
  if (document.hidden || list.matches(":focus-within")) return again();
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer) return again();
  // Without the list, somebody has signed out.
  const newer = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
  if (!newer) return undefined;
  if (list.matches(":focus-within")) return again();
  list.replaceWith(newer);
  if (newer.matches("[data-renew]")) setTimeout(() => renew(newer), RENEWED_EVERY);
}

// A button that was pressed is not pressed twice by an impatient thumb.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// A number has a button for one less and one for one more, large enough for a thumb. What differs from what should be there
// opens the fields that say how.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  const should = input.value;
  for (const button of stepper.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = Number(input.value || 0) + Number(button.dataset.step);
      input.value = String(Math.min(Math.max(next, Number(input.min)), Number(input.max)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  input.addEventListener("input", () => {
    const how = stepper.parentElement.querySelector("details");
    if (how && Number(input.value) < Number(should)) how.open = true;
  });
}

// A photo leaves no larger than it is looked at: a phone's own has many times as many dots.
const LONGEST_EDGE = 2000;
for (const input of document.querySelectorAll("input[data-shrink]")) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    const small = file && (await smaller(file).catch(() => undefined));
    // Another one may have been chosen meanwhile.
    if (!small || input.files[0] !== file) return;
    const files = new DataTransfer();
    files.items.add(small);
    input.files = files.files;
  });
}

/** The photo as a JPEG with no edge longer than that; nothing when it is small as it is. */
async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
  return made && made.size < file.size ? new File([made], file.name.replace(/(\.\w+)?$/, ".jpg"), { type: "image/jpeg" }) : undefined;
}
