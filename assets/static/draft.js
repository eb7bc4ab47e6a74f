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

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

function keep(form) {
  const status = form.querySelector("[data-status]");
  const seen = new Map(form.elements.seen.value.split(" ").filter(Boolean).map((pair) => pair.split(":")));
  const ids = [...form.querySelectorAll("[data-question]")].map((question) => question.dataset.question);
  /** Questions that were answered here, and that the server has not confirmed yet. */
  let touched = new Set();
  /** What colleagues answered otherwise, and what nobody here has decided about: their answer and its version. */
  const contested = new Map();
  let timer = 0;
  let saving = Promise.resolve();
  let busy = false;
  let sent = false;

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
    }
  };

  const failed = (mine, code) => {
    touched = new Set([...touched, ...mine]);
    if (code === 401) return say("signedOut");
    // The form is closed: submitted by a colleague, released, or the link has run out. The page says which.
    if (code >= 400 && code < 500 && code !== 429) return say("closed");
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
    touched.add(target.name);
    if (status.dataset.state !== "saving") say("saving");
    soon(delay);
  };
  form.addEventListener("input", (event) => changed(event, AFTER_LETTER));
  form.addEventListener("change", (event) => changed(event, AFTER_CHOICE));
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    sent = !busy;
    if (sent) return;
    // What is on its way comes first: the form then says what it has seen of it.
    event.preventDefault();
    event.stopPropagation();
    saving.then(() => form.requestSubmit(event.submitter));
  });
  // A tablet that is put away saves at once; one that wakes up takes in what was written meanwhile.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
    else if (touched.size > 0) now({ keepalive: true });
  });
  addEventListener("pageshow", ({ persisted }) => {
    sent = false;
    if (persisted) now();
  });
  addEventListener("online", () => {
    if (touched.size > 0) now();
  });
  addEventListener("beforeunload", (event) => {
    if (touched.size > 0 && !sent && status.dataset.state === "failed") event.preventDefault();
  });
}
