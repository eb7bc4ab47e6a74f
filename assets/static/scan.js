// The scan page while it stays open: camera, typed codes and hand scanners, and the answer as sound, colour and words.
"use strict";

const page = document.getElementById("scanning");
const { all, endSeries, follow, forget, goOn, person, post, scan, update, waits } = await import(document.body.dataset.queue);
const words = JSON.parse(page.dataset.words);
const part = (name) => page.querySelector(`[data-${name}]`);
const [said, stopped, form, rows, bar] = ["said", "stopped", "scan-form", "rows", "bar"].map(part);
const field = document.getElementById("code");
/** How long the same code is passed over while it stays before the camera, in milliseconds. */
const SAME = 2000;
/** How often the camera's picture is looked at, in milliseconds. */
const LOOK = 100;
/** How long nothing may be found before help is offered, in milliseconds. */
const HELP = 6000;
/** Offline, the same code within this many milliseconds is the same box. */
const TWICE = 2 * 60_000;
/** The largest side of the picture that is searched, in dots. */
const SEARCHED = 720;

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

// --- Sound and touch

let audio;
function wakeSound() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

function beep(pitch, seconds, after = 0) {
  if (!audio) return;
  const begin = audio.currentTime + after;
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.25, begin);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + seconds);
  tone.connect(volume).connect(audio.destination);
  tone.start(begin);
  tone.stop(begin + seconds);
}

const signals = {
  success: () => { beep(1320, 0.15); touch(60); },
  warning: () => { beep(660, 0.12); beep(660, 0.12, 0.18); touch([40, 60, 40]); },
  danger: () => { beep(180, 0.7); touch([200, 80, 200]); },
  neutral: () => { beep(440, 0.2); touch(40); },
};

function touch(pattern) {
  if ("vibrate" in navigator) navigator.vibrate(pattern);
}

// --- The answer

let waitsForTap = false;

function icon(element, name) {
  element.querySelector("use").setAttribute("href", `${page.dataset.icons}#${name}`);
}

/** Shows an answer; a red one stays until it is tapped, and nothing is scanned until then. */
function show(color, iconName, title, text, choices = []) {
  const panel = part("panel").content.cloneNode(true);
  const box = panel.querySelector(".result");
  box.dataset.color = color;
  icon(panel, iconName);
  panel.querySelector("h2").textContent = title;
  panel.querySelector("p").textContent = text;
  waitsForTap = color === "danger";
  const buttons = [...choices, ...(waitsForTap ? [{ label: words.ok, act: acknowledge }] : [])];
  for (const { label, act, href } of buttons) {
    const button = document.createElement(href ? "a" : "button");
    button.className = "ds-button big";
    button.dataset.variant = "secondary";
    button.textContent = label;
    if (href) button.href = href;
    else {
      button.type = "button";
      button.addEventListener("click", act);
    }
    panel.querySelector("[data-choices]").append(button);
  }
  said.replaceChildren();
  stopped.replaceChildren();
  (waitsForTap ? stopped : said).append(panel);
  (waitsForTap ? stopped : said).scrollIntoView({ block: "nearest" });
  signals[color]();
}

function acknowledge() {
  waitsForTap = false;
  stopped.replaceChildren();
  seen = { text: "", at: 0 };
  focusField();
}

function focusField() {
  field.focus({ preventScroll: true });
}

addEventListener("keydown", (event) => { if (event.key === "Escape" && waitsForTap) acknowledge(); });

// --- One scan

/** The code in what was read or typed, as the server reads it: `{ code }`, or `{ wrong }` that says why it is none. */
function codeIn(text) {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const last = text.trim().split(/[?#]/)[0].replace(/\/+$/, "").split("/").at(-1);
  const plain = last.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  const values = [...plain].map((character) => digits.indexOf(character));
  if (values.length !== 7 || values.includes(-1)) return { wrong: words["not-a-code"] };
  const value = values.slice(0, 6).reduce((sum, digit) => sum * 32 + digit, 0);
  return value % 37 === values[6] ? { code: plain } : { wrong: words["wrong-check"] };
}

const printed = (code) => `${code.slice(0, 3)}-${code.slice(3)}`;
const action = () => new FormData(form).get("action");

let working = Promise.resolve();
/** Takes what was read or typed; one after the other, so that each answer belongs to its box. */
function take(text, more) {
  working = working.then(() => register(text, more)).catch((error) => show("danger", "stop", words.stop, String(error)));
  return working;
}

async function register(text, more = {}) {
  if (waitsForTap) return signals.danger();
  const { code, wrong } = codeIn(text);
  if (wrong) return show("danger", "stop", words.stop, wrong);
  const twice = (await all()).find((one) => waits(one) && one.code === code && Date.now() - Date.parse(one.at) < TWICE);
  if (twice) return show("warning", "alert", words.nothing, `${printed(code)} ${words.duplicate}`);
  if (said.firstChild === null) said.append(Object.assign(document.createElement("p"), { className: "muted", textContent: words.working }));
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

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  wakeSound();
  const text = field.value;
  field.value = "";
  if (text.trim()) take(text);
  else if (waitsForTap) acknowledge();
  focusField();
});

// A hand scanner writes wherever the focus is: letters and digits belong in the field, unless they mean something there.
addEventListener("keydown", (event) => {
  const elsewhere = document.activeElement?.matches("select, textarea, input:not([type=radio])") ?? false;
  if (!elsewhere && /^[0-9a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) focusField();
});
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
    const list = (await all()).filter((one) => one.person === person && one.state !== "refused" && (one.state !== "waiting" || one.told)).reverse();
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
  said.replaceChildren();
  draw();
  focusField();
});

// --- The camera

const video = part("video");
const chooser = document.getElementById("camera");
let stream, detector, timer, lock, lastHit = 0;
let seen = { text: "", at: 0 };

part("start").addEventListener("click", () => { wakeSound(); signals.success(); startCamera(); });
part("stop").addEventListener("click", stopCamera);
chooser.addEventListener("change", () => {
  localStorage.setItem("scan-camera", chooser.value);
  startCamera();
});
part("torch").addEventListener("click", () => lightTorch(part("torch").getAttribute("aria-pressed") !== "true"));

async function startCamera() {
  stopCamera();
  goOn(action());
  const deviceId = localStorage.getItem("scan-camera");
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const wish = (which) => navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...which } });
  try {
    stream = await (deviceId ? wish({ deviceId: { exact: deviceId } }).catch(() => wish({ facingMode: "environment" })) : wish({ facingMode: "environment" }));
  } catch (error) {
    const refused = error.name === "NotAllowedError";
    return show("warning", "alert", words.nothing, refused ? words["camera-refused"] : words["camera-none"]);
  }
  video.srcObject = stream;
  await video.play().catch(() => {});
  part("view").hidden = false;
  part("start").hidden = true;
  part("stop").hidden = false;
  await Promise.all([offerCameras(), tune()]);
  detector ??= await makeDetector();
  lastHit = Date.now();
  keepAwake();
  look();
}

function stopCamera() {
  clearTimeout(timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
  part("view").hidden = part("stop").hidden = part("torch").hidden = part("hint").hidden = true;
  part("start").hidden = false;
  lock?.release().catch(() => {});
  lock = undefined;
}
addEventListener("pagehide", stopCamera);

async function offerCameras() {
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
  const used = stream?.getVideoTracks()[0]?.getSettings().deviceId;
  chooser.replaceChildren(...cameras.map((camera, index) => new Option(camera.label || `${index + 1}`, camera.deviceId, false, camera.deviceId === used)));
  part("cameras").hidden = cameras.length < 2;
}

/** A steady focus, a step back from the box, and the lamp as it was: as far as the camera can. */
async function tune() {
  const track = stream?.getVideoTracks()[0];
  const can = track?.getCapabilities?.() ?? {};
  const advanced = [];
  if (can.focusMode?.includes("continuous")) advanced.push({ focusMode: "continuous" });
  if (can.zoom?.max >= 2) advanced.push({ zoom: Math.max(2, can.zoom.min) });
  if (advanced.length > 0) await track.applyConstraints({ advanced }).catch(() => {});
  part("torch").hidden = !can.torch;
  if (can.torch && localStorage.getItem("scan-torch") === "on") await lightTorch(true);
}

async function lightTorch(on) {
  try {
    await stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on }] });
  } catch {
    return;
  }
  localStorage.setItem("scan-torch", on ? "on" : "off");
  part("torch").setAttribute("aria-pressed", String(on));
  part("torch").textContent = on ? words["torch-off"] : words["torch-on"];
}

async function keepAwake() {
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    // The battery is low, or the page is not in sight: then the screen goes dark as usual.
  }
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && stream) keepAwake();
});

/** What finds codes: the browser's own, where it has one; else the program's, in a worker. */
async function makeDetector() {
  const own = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (own.includes("qr_code")) {
    const native = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await native.detect(video).catch(() => []))[0]?.rawValue ?? "";
  }
  const worker = new Worker(page.dataset.worker);
  worker.postMessage({ zxing: new URL(page.dataset.zxing, location).href, wasm: new URL(page.dataset.wasm, location).href });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return () => new Promise((found) => {
    // Only the middle square is searched, which the frame on the picture shows.
    const side = Math.min(video.videoWidth, video.videoHeight);
    canvas.width = canvas.height = Math.min(side, SEARCHED);
    context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    worker.onmessage = ({ data: answer }) => found(answer.text);
    worker.postMessage({ pixels: data.buffer, width, height }, [data.buffer]);
  });
}

async function look() {
  if (!stream) return;
  if (!waitsForTap && video.videoWidth > 0 && document.visibilityState === "visible") {
    const text = await detector();
    const now = Date.now();
    if (text) {
      const same = text === seen.text && now - seen.at < SAME;
      seen = { text, at: now };
      lastHit = now;
      if (!same) await take(text);
      seen.at = Date.now();
    }
    part("hint").hidden = now - lastHit < HELP;
    part("hint").textContent = words["no-hit"];
  }
  timer = setTimeout(look, LOOK);
}

// --- From here on the page works without network, too

part("camera").hidden = !navigator.mediaDevices?.getUserMedia;
focusField();
draw();
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register("/sw.js", { scope: "/lager/skanna" });
  const registration = await navigator.serviceWorker.getRegistration("/lager/skanna");
  const worker = registration?.active ?? registration?.waiting ?? registration?.installing;
  worker?.postMessage("keep the page");
}
