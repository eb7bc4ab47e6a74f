// The draft of an evaluation saves itself while it is written, and takes in what colleagues write meanwhile on their own
// screens. The server has the last word; without this file the page's buttons do the same.

/** How long after a letter, and after a choice, the draft is saved, in milliseconds; and how long until another try. */
const AFTER_LETTER = 1200;
const AFTER_CHOICE = 150;
const AGAIN = 10_000;
/** How long the server may take to answer, in milliseconds. */
const PATIENCE = 20_000;
/** The largest body that a page may send while it is put away, in characters. */
const KEPT_ALIVE = 60_000;
/** Where this device keeps what the server has not confirmed: a tablet may throw a page away while it has no network. */
const SHELF = `draft:${location.pathname}`;

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

function keep(form) {
  const status = form.querySelector("[data-status]");
  const seen = new Map(form.elements.seen.value.split(" ").filter(Boolean).map((pair) => pair.split(":")));
  const ids = [...form.querySelectorAll("[data-question]")].map((question) => question.dataset.question);
  /** Questions that were answered here, and that the server has not confirmed yet. */
  let touched = new Set();
  /** Those of them that are on their way. */
  let underWay = new Set();
  /** What colleagues answered otherwise, and what nobody here has decided about: their answer and its version. */
  const contested = new Map();
  let timer = 0;
  let saving = Promise.resolve();
  let busy = false;
  let sent = false;
  /** Everything is saved, and the form may go. */
  let ready = false;
  /** Nothing can be saved any more. */
  let closed = false;

  const questionOf = (id) => form.querySelector(`[data-question="${CSS.escape(id)}"]`);
  const say = (what) => {
    status.textContent = form.dataset[what];
    status.dataset.state = what;
    status.hidden = false;
  };
  const remember = () => {
    form.elements.seen.value = [...seen].map((pair) => pair.join(":")).join(" ");
  };
  const see = (id, version) => {
    if (version) seen.set(id, version);
    else seen.delete(id);
  };

  /** Shows an answer in the form, as it is kept. */
  const fill = (id, answer) => {
    const values = (Array.isArray(answer) ? answer : [answer ?? ""]).map(String);
    for (const field of form.querySelectorAll(`[name="${CSS.escape(id)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
    const folded = questionOf(id).closest("details");
    if (folded && values[0]) folded.open = true;
  };

  /** An answer as it stands in the form. */
  const answerOf = (id) => {
    const fields = [...form.querySelectorAll(`[name="${CSS.escape(id)}"]`)];
    const chosen = fields.filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
    return chosen.map((field) => field.value);
  };

  /**
   * Keeps on the device what is not confirmed, with what was seen when it was written; and nothing, when all of it is, or
   * when it never can be.
   */
  const shelve = () => {
    const unsure = (closed ? [] : [...underWay, ...touched]).map((id) => [id, { answer: answerOf(id), seen: seen.get(id) }]);
    try {
      if (unsure.length > 0) localStorage.setItem(SHELF, JSON.stringify(Object.fromEntries(unsure)));
      else localStorage.removeItem(SHELF);
    } catch {
      // Without room on the device the page goes on as before.
    }
  };
  /** Takes up what was left on the device; where a colleague has answered since, the server tells. */
  const takeUp = () => {
    let left = [];
    try {
      left = Object.entries(JSON.parse(localStorage.getItem(SHELF) ?? "{}")).filter(([id]) => ids.includes(id));
    } catch {
      // A device that lets nothing be kept has kept nothing.
    }
    for (const [id, { answer, seen: version }] of left) {
      fill(id, answer);
      see(id, version);
      touched.add(id);
    }
    if (left.length === 0) return;
    say("saving");
    soon(0);
  };

  /** Says what is wrong with an answer, where it stands. */
  const complain = (id, text) => {
    let note = questionOf(id).querySelector("[data-complaint]");
    if (!text) return note?.remove();
    if (!note) {
      note = document.createElement("p");
      note.className = "ds-validation-message";
      note.dataset.complaint = "";
      questionOf(id).append(note);
    }
    note.textContent = text;
  };

  const save = async ({ keepalive = false } = {}) => {
    if (sent) return;
    const mine = touched;
    touched = new Set();
    underWay = mine;
    busy = true;
    remember();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        keepalive: keepalive && String(body).length < KEPT_ALIVE,
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) return failed(mine, answer.status);
      take(await answer.json(), mine);
    } catch {
      failed(mine, 0);
    } finally {
      busy = false;
      underWay = new Set();
      shelve();
    }
  };

  const failed = (mine, code) => {
    touched = new Set([...touched, ...mine]);
    if (code === 401) return say("signedOut");
    // The form is closed: submitted by a colleague, released, or the link has run out. The page says which.
    closed = code >= 400 && code < 500 && code !== 429;
    if (closed) return say("closed");
    say("failed");
    soon(AGAIN);
  };

  /** Takes in the server's answer: what is kept, what is wrong, and what colleagues have written. */
  const take = (draft, mine) => {
    for (const id of ids) {
      const version = draft.seen[id];
      complain(id, draft.wrong[id]);
      if (draft.theirs[id]) {
        contest(id, draft.theirs[id], draft.answers[id], version);
        continue;
      }
      settle(id);
      const changed = (version ?? "") !== (seen.get(id) ?? "");
      see(id, version);
      if (changed && !mine.has(id) && !touched.has(id)) fill(id, draft.answers[id]);
    }
    remember();
    if (contested.size > 0) return say("contested");
    say(Object.keys(draft.wrong).length > 0 ? "wrong" : "saved");
  };

  /** Two have answered the same question: both answers are shown, and somebody here chooses. */
  const contest = (id, words, answer, version) => {
    if (contested.get(id)?.version === version) return;
    contested.set(id, { answer, version });
    questionOf(id).querySelector("[data-contest]")?.remove();
    const note = form.querySelector("template[data-theirs]").content.cloneNode(true).firstElementChild;
    note.querySelector("p").textContent = words;
    note.querySelector("[data-keep]").addEventListener("click", () => decide(id, false));
    note.querySelector("[data-take]").addEventListener("click", () => decide(id, true));
    questionOf(id).append(note);
  };
  const settle = (id) => {
    contested.delete(id);
    questionOf(id).querySelector("[data-contest]")?.remove();
  };
  const decide = (id, theirs) => {
    const { answer, version } = contested.get(id);
    see(id, version);
    if (theirs) fill(id, answer);
    settle(id);
    touched.add(id);
    form.querySelector(`#${CSS.escape(id)}`)?.focus();
    soon(0);
  };

  const soon = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(now, delay);
  };
  const now = (how) => {
    clearTimeout(timer);
    saving = saving.then(() => save(how));
  };

  const changed = ({ target }, delay) => {
    if (!ids.includes(target.name)) return;
    if (closed) return;
    touched.add(target.name);
    shelve();
    if (status.dataset.state !== "saving") say("saving");
    soon(delay);
  };
  form.addEventListener("input", (event) => changed(event, AFTER_LETTER));
  form.addEventListener("change", (event) => changed(event, AFTER_CHOICE));
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    // The page that comes tells what of it was too late.
    if (closed) touched = new Set();
    sent = ready || (navigator.onLine && !busy && touched.size === 0);
    if (sent) return shelve();
    // What is written is saved first: the form then says what it has seen, and without network the page stays.
    event.preventDefault();
    event.stopPropagation();
    say("saving");
    now();
    saving.then(() => {
      if (status.dataset.state === "failed") return;
      ready = true;
      form.requestSubmit(event.submitter);
    });
  });
  // A tablet that is put away saves at once; one that wakes up takes in what was written meanwhile.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
    else if (touched.size > 0) now({ keepalive: true });
  });
  addEventListener("pageshow", ({ persisted }) => {
    sent = false;
    ready = false;
    if (persisted) now();
  });
  addEventListener("online", () => {
    if (touched.size > 0) now();
  });
  addEventListener("beforeunload", (event) => {
    if (touched.size > 0 && !sent && status.dataset.state === "failed") event.preventDefault();
  });
  takeUp();
  for (const told of document.querySelectorAll("[data-saves-itself], [data-saved-by-hand]")) told.hidden = "savedByHand" in told.dataset;
}
