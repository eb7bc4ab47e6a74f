// Reading codes on a page that stays open: camera, typed codes and hand scanners, and the answer as sound, colour and words.
// What a code means is the page's own script's to say: it gives `begin` what is done with each.
"use strict";

const { known } = await import(document.getElementById("scanning").dataset.known);
/** The part of the page that scanning is, with the words that its scripts say. */
export const page = document.getElementById("scanning");
export const words = JSON.parse(page.dataset.words);
/** An element of the page by its name. */
export const part = (name) => page.querySelector(`[data-${name}]`);
const [said, stopped, form] = ["said", "stopped", "scan-form"].map(part);
const field = document.getElementById("code");
/** How long the same code is passed over while it stays before the camera, in milliseconds. */
const SAME = 2000;
/** How often the camera's picture is looked at, in milliseconds. */
const LOOK = 100;
/** How long nothing may be found before help is offered, in milliseconds. */
const HELP = 6000;
/** A hand scanner may end with more than one Enter: so long an empty field means nothing, in milliseconds. */
const ENTERS = 1000;
/** No finger, but a mouse: the field may have the focus without a keyboard rising over the page. */
const hasMouse = matchMedia("(pointer: fine)").matches;
/** The largest side of the picture that is searched, in dots. */
const SEARCHED = 720;

let register = async () => {};
let started = () => {};
let seenStop = () => {};

/**
 * Begins: `takes` is done with each text that is read or typed, `starts` when the camera is started, `goesOn` when a stop was
 * seen.
 */
export function begin(takes, starts = () => {}, goesOn = () => {}) {
  register = takes;
  started = starts;
  seenStop = goesOn;
  part("camera").hidden = !navigator.mediaDevices?.getUserMedia;
  focusField();
}

/** Lets the phone keep this page, so that it opens without network. */
export async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  const scope = "/lager/";
  await navigator.serviceWorker.register("/sw.js", { scope });
  const registration = await navigator.serviceWorker.getRegistration(scope);
  const worker = registration?.active ?? registration?.waiting ?? registration?.installing;
  worker?.postMessage(location.pathname);
}

// --- Sound and touch

let audio;
/** Sound may begin only with a tap or a key. */
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

/** What each colour sounds and feels like. */
export const signals = {
  success: () => { beep(1320, 0.15); touch(60); },
  warning: () => { beep(660, 0.12); beep(660, 0.12, 0.18); touch([40, 60, 40]); },
  danger: () => { beep(180, 0.7); touch([200, 80, 200]); },
  neutral: () => { beep(440, 0.2); touch(40); },
};

function touch(pattern) {
  // Without a tap first, browsers refuse and complain.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}

// --- The answer

let waitsForTap = false;
/** True while a red answer waits for a tap. */
export const isStopped = () => waitsForTap;

/** Gives an icon its picture. */
export function icon(element, name) {
  element.querySelector("use").setAttribute("href", `${page.dataset.icons}#${name}`);
}

/** Shows an answer and lets it be heard. */
export function show(color, iconName, title, text, choices = []) {
  signals[color]();
  panel(color, iconName, title, text, choices);
}

/** Shows an answer, in one line or several. A red one stays until it is tapped, and nothing but another red one beside it; nothing is scanned until then. */
export function panel(color, iconName, title, text, choices = []) {
  const red = color === "danger";
  if (waitsForTap && !red) return;
  const panel = part("panel").content.cloneNode(true);
  const box = panel.querySelector(".result");
  box.dataset.color = color;
  icon(panel, iconName);
  panel.querySelector("h2").textContent = title;
  const [first, ...lines] = [text].flat();
  const paragraph = panel.querySelector("p");
  paragraph.textContent = first;
  paragraph.after(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  const buttons = [...choices, ...(red ? [{ label: words.ok, act: acknowledge }] : [])];
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
  if (!waitsForTap) stopped.replaceChildren();
  waitsForTap = red;
  (red ? stopped : said).append(panel);
  // On a phone it stays in sight by itself.
  if (getComputedStyle(said.parentElement).position !== "sticky") (red ? stopped : said).scrollIntoView({ block: "nearest" });
}

/** Goes on after a red answer. */
export function acknowledge() {
  waitsForTap = false;
  stopped.replaceChildren();
  seenStop();
  focusField();
}

/** Says of what was read or typed on past a stop that it is not registered. */
export function drop(read) {
  signals.danger();
  const { code } = codeIn(read);
  const text = `${code ? printed(code) : read.trim().slice(0, 40)} ${words.dropped}`;
  const list = [...stopped.querySelectorAll("[data-dropped]")];
  if (list.some((one) => one.textContent === text)) return;
  const line = Object.assign(document.createElement("p"), { textContent: text });
  line.dataset.dropped = "";
  stopped.querySelector("[data-choices]").before(line);
}

/** Puts the focus where hand scanners write. Under a finger that would raise a keyboard: there it is nowhere, until they write. */
export function focusField() {
  if (hasMouse) field.focus({ preventScroll: true });
  else document.activeElement?.blur();
}

addEventListener("keydown", (event) => { if (event.key === "Escape" && waitsForTap) acknowledge(); });

/** Shows that something is being done, unless an answer stands there. */
export function showWorking() {
  if (said.querySelector(".result") === null) said.replaceChildren(muted(words.working));
}

function muted(text) {
  return Object.assign(document.createElement("p"), { className: "muted", textContent: text });
}

// --- Codes

/** The code in what was read or typed, as the server reads it: `{ code }`, or `{ wrong }` that says why it is none. */
export function codeIn(text) {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const last = text.trim().split(/[?#]/)[0].replace(/\/+$/, "").split("/").at(-1);
  const plain = last.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  const values = [...plain].map((character) => digits.indexOf(character));
  if (values.length !== 7 || values.includes(-1)) return { wrong: words["not-a-code"] };
  const value = values.slice(0, 6).reduce((sum, digit) => sum * 32 + digit, 0);
  return value % 37 === values[6] ? { code: plain } : { wrong: words["wrong-check"] };
}

/** A code as it is printed. */
export const printed = (code) => `${code.slice(0, 3)}-${code.slice(3)}`;

// Whether what is being typed is a code is told before it is sent, and which kit's it is where that is known.
const verdict = part("verdict");
field.addEventListener("input", () => {
  const { code, wrong } = codeIn(field.value);
  const whole = field.value.replace(/[\s-]/g, "").length === 7;
  const [right, sign] = code ? [true, "✓"] : [false, "✕"];
  const about = right ? [words.right, known(code)?.name].filter(Boolean).join(" · ") : words.wrong;
  verdict.textContent = whole ? `${sign} ${about}` : "";
  verdict.dataset.color = whole ? (wrong ? "danger" : "success") : "";
});

let working = Promise.resolve();
/** Takes what was read or typed, one after the other. */
export function take(text, more) {
  working = working.then(() => register(text, more)).catch(trouble);
}

/** Says that the page could not do what it should. */
export function trouble() {
  show("danger", "stop", words.stop, words.trouble);
}

let typed = 0;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  wakeSound();
  const text = field.value;
  field.value = verdict.textContent = "";
  if (text.trim()) {
    typed = Date.now();
    take(text);
  } else if (waitsForTap && Date.now() - typed > ENTERS) acknowledge();
  // Under a finger the keyboard goes down, so that the answer is seen.
  focusField();
});

// A hand scanner writes wherever the focus is: letters and digits belong in the field, unless they mean something there.
addEventListener("keydown", (event) => {
  const elsewhere = document.activeElement?.matches("select, textarea, input:not([type=radio], [type=range])") ?? false;
  if (!elsewhere && /^[0-9a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus({ preventScroll: true });
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
part("zoom").addEventListener("input", ({ target }) => {
  localStorage.setItem("scan-zoom", target.value);
  stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ zoom: Number(target.value) }] }).catch(() => {});
});
part("torch").addEventListener("click", () => lightTorch(part("torch").getAttribute("aria-pressed") !== "true"));

async function startCamera() {
  stopCamera();
  started();
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
  page.dataset.filming = "";
  if (!said.firstElementChild) {
    const hint = muted(words.aim);
    hint.dataset.hint = "";
    said.append(hint);
  }
  part("view").scrollIntoView({ block: "start" });
  part("start").hidden = true;
  part("stop").hidden = false;
  await Promise.all([offerCameras(), tune()]);
  detector ??= await makeDetector();
  lastHit = Date.now();
  keepAwake();
  look();
}

/** Stops the camera. */
export function stopCamera() {
  clearTimeout(timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
  part("view").hidden = part("stop").hidden = part("torch").hidden = part("cameras").hidden = part("zoom").hidden = true;
  part("start").hidden = false;
  part("hint")?.remove();
  delete page.dataset.filming;
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
  if (can.zoom?.max > can.zoom?.min) advanced.push({ zoom: offerZoom(can.zoom) });
  if (advanced.length > 0) await track.applyConstraints({ advanced }).catch(() => {});
  part("torch").hidden = !can.torch;
  if (can.torch && localStorage.getItem("scan-torch") === "on") await lightTorch(true);
}

/** Shows how near the picture is: as it was last, else twice, so that one steps back and the lens can focus. */
function offerZoom({ min, max, step }) {
  const zoom = part("zoom");
  Object.assign(zoom, { min, max, step: step || 0.1, value: Number(localStorage.getItem("scan-zoom")) || 2 });
  zoom.hidden = false;
  return Number(zoom.value);
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
    const native = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    return async () => nearest(await native.detect(square().canvas).catch(() => []));
  }
  const worker = new Worker(page.dataset.worker);
  worker.postMessage({ zxing: new URL(page.dataset.zxing, location).href, wasm: new URL(page.dataset.wasm, location).href });
  return () => new Promise((found) => {
    const { data, width, height } = square().getImageData(0, 0, canvas.width, canvas.height);
    worker.onmessage = ({ data: answer }) => found(answer.text);
    worker.postMessage({ pixels: data.buffer, width, height }, [data.buffer]);
  });
}

const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true });

/** The middle square of the picture, which its frame shows: only that is searched. */
function square() {
  const side = Math.min(video.videoWidth, video.videoHeight);
  canvas.width = canvas.height = Math.min(side, SEARCHED);
  context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
  return context;
}

/** Of several codes, what the one nearest to the middle says. */
function nearest(found) {
  const far = ({ boundingBox: box }) => Math.hypot(box.x + box.width / 2 - canvas.width / 2, box.y + box.height / 2 - canvas.height / 2);
  return found.sort((one, other) => far(one) - far(other))[0]?.rawValue ?? "";
}

async function look() {
  if (!stream) return;
  if (video.videoWidth > 0 && document.visibilityState === "visible") {
    const text = await detector();
    const now = Date.now();
    if (text) {
      // Also while a stop is not seen: what lies before the camera then is not scanned at once afterwards.
      const same = text === seen.text && now - seen.at < SAME;
      seen = { text, at: now };
      lastHit = now;
      if (!same) take(text);
    }
    const hint = part("hint");
    const help = now - lastHit < HELP ? words.aim : words["no-hit"];
    if (hint && hint.textContent !== help) hint.textContent = help;
  }
  timer = setTimeout(look, LOOK);
}
