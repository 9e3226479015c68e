// Save what is typed and not sent: half a second after the last key, and when the page goes.
import { on } from "../../common/events.js";
import { fieldIn, letterOf, lettersOf, nameIn } from "./columns.js";
import { bodyOf, knownOf, messageIn, ownOf, post } from "./draft_body.js";
import { recoverAll } from "./draft_recovery.js";
import {
  clearClash,
  goOnWithout,
  isClashing,
  know,
  showClash,
  tell,
  tellAgain,
  tellSaved,
  tellSaving,
  tellSending,
} from "./draft_state.js";
import { servedEarlier } from "./early.js";
import { forget, keep } from "./kept.js";
import { newKey } from "./keys.js";
import { isSending, sendingLetters, sentMessages } from "./sending.js";
import { fill, isSame, ofColumn, typedIn } from "./typed.js";

const PAUSE_MS = 500;
// A long text takes its time on a slow line: 400,000 characters are saved four seconds after the last key.
const CHARS_PER_MS = 100;
// Who types without a pause is not waited for any longer.
const LONGEST_MS = 5000;
const RETRY_MS = 5000;
const AWAY = "Kept in this browser until the server is back";
const ELSEWHERE = "Kept in this browser until you choose";
const NOWHERE = "Not saved, and this browser has no room for it: leave this page open";

// Of the form on the page: what the server has of it, and what is being done about the rest.
let form = null;
let saved = null;
let timer = null;
let saving = null;
let unsavedSince = null;
// The page goes to come back with other columns: it takes what was typed with it.
let isChanging = false;
// What was chosen where something else was written elsewhere: `mine` or `both`.
let choice = "";

on("input", "[form=run-form]", handleTyping);
on("change", "[form=run-form]", handleTyping);
on("submit", "#run-form", () => {
  clearTimeout(timer);
  isChanging = true;
});
on("click", "#draft-clash [name=choice]", choose);
document.addEventListener("raxdash:sending", restSent);
document.addEventListener("raxdash:answered", handleAnswer);
document.addEventListener("htmx:after:swap", beginAnew);
document.addEventListener("htmx:before:history:restore", saveBeforeLeaving);
on("submit", "#discard-draft", rest);
on("raxdash:going", "[data-sign-out]", (_form, { detail }) => detail.waitFor(saveLast()));
window.addEventListener("pagehide", part);
// A telephone may end a page that is not seen, and say nothing more.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) save();
});
window.addEventListener("online", saveSoon);
beginAnew();

/** Look at the form that is on the page now; the back button brings another. */
function beginAnew() {
  const found = document.getElementById("run-form");
  if (found === form) return;
  form = found;
  if (!form) return;
  saved = { ...typedIn(form), ...servedEarlier() };
  recoverAll(form, takeIn);
}

/** Put what was kept of an earlier page into the form, where nobody wrote anything since. */
function takeIn({ fields, own = {} }, answer) {
  form.dispatchEvent(new CustomEvent("raxdash:recovering", { bubbles: true, detail: { fields } }));
  fill(form, fields, saved);
  for (const letter of lettersOf(form)) {
    fieldIn(form, letter, "draft").value = own[nameIn(letter, "idempotency_key")] ?? "";
  }
  if (answer) {
    know(form, answer);
    saved = typedIn(form);
    tellSaved();
  } else keepHere(typedIn(form), ownOf(form), AWAY);
  saveSoon();
}

function isUnsaved() {
  return form?.isConnected && !isSame(typedIn(form), saved);
}

/** What is in some columns is sent: nothing of that waits to be saved. */
function restSent() {
  clearTimeout(timer);
  const letters = sendingLetters();
  const before = saved ?? {};
  saved = typedIn(form);
  for (const name of Object.keys(saved)) if (!letters.includes(letterOf(name))) saved[name] = before[name];
  if (!isUnsaved()) forget(form);
  tellSending();
}

/** What is in the form is given up. */
function rest() {
  clearTimeout(timer);
  saved = typedIn(form);
  forget(form);
}

function handleAnswer({ detail }) {
  if (detail.started) {
    tell("");
    if (!messageIn(typedIn(form))) goOnWithout();
  } else saved = null;
  saveSoon();
}

function handleTyping() {
  tellSaving();
  saveSoon();
}

function saveSoon() {
  clearTimeout(timer);
  isChanging = false;
  if (!form?.isConnected) return;
  const length = Object.values(typedIn(form)).reduce((sum, value) => sum + value.length, 0);
  unsavedSince ??= Date.now();
  const longest = Math.max(0, unsavedSince + LONGEST_MS - Date.now());
  timer = setTimeout(save, Math.min(PAUSE_MS + length / CHARS_PER_MS, longest));
}

/** Save what there is, one after the other. */
async function save() {
  await saving;
  unsavedSince = null;
  if (isSending() || isChanging) return;
  if (!isUnsaved()) {
    tellAgain();
    return;
  }
  const fields = typedIn(form);
  const own = ownOf(form);
  // Until somebody has chosen, this browser alone keeps what is typed.
  if (isClashing()) {
    keepHere(fields, own, ELSEWHERE);
    return;
  }
  saving = post(form, bodyOf(form, { ...fields, choice }));
  const answer = await saving;
  // Sent meanwhile, it is no draft any more.
  if (isSending() || !isSame(ownOf(form), own)) return;
  if (answer?.saved) {
    handleSaved(fields, answer);
    return;
  }
  keepHere(fields, own, answer?.why || AWAY);
  if (answer?.clash) showClash(answer.clash);
  else if (!answer || answer.isLater) timer = setTimeout(save, RETRY_MS);
}

function handleSaved(fields, answer) {
  saved = fields;
  choice = "";
  forget(form);
  know(form, answer);
  form.dispatchEvent(new CustomEvent("raxdash:saved", { bubbles: true, detail: answer }));
  tellSaved();
  if (isUnsaved()) handleTyping();
}

function keepHere(fields, own, words) {
  tell(keep(form, fields, { ...own, ...knownOf(form) }) ? words : NOWHERE);
}

/** Who signs out leaves nothing in this browser: what was typed last is the server's before, whoever wrote meanwhile. */
async function saveLast() {
  clearTimeout(timer);
  await saving;
  if (isSending() || !isUnsaved()) return;
  const fields = typedIn(form);
  saving = post(form, bodyOf(form, { ...fields, choice: "both" }));
  const answer = await saving;
  if (answer?.saved) handleSaved(fields, answer);
}

/** Keep this page, or this and the other one: without leaving it. */
function choose(button, event) {
  if (button.value === "other") return;
  event.preventDefault();
  choice = button.value;
  clearClash();
  save();
}

/** The page goes: say what was not said yet, and keep it for the case that nobody hears. */
function part() {
  if (isChanging || !(isUnsaved() || isSending())) return;
  const fields = typedIn(form);
  const own = { ...ownOf(form), ...knownOf(form) };
  for (const letter of sendingLetters()) {
    // What comes after Run is no part of what that sends; a run that is never written leaves its message.
    if (isSame(ofColumn(fields, letter), ofColumn(saved ?? {}, letter)))
      for (const [name, value] of Object.entries(sentMessages(letter))) fields[nameIn(letter, name)] = value;
    else own[nameIn(letter, "idempotency_key")] = newKey();
  }
  keep(form, fields, own);
  // Nobody is here to choose any more.
  post(form, bodyOf(form, { ...fields, ...own, choice: "both" }));
}

/** Gone back to, a page comes whole: htmx would bring its markup alone, to which nothing listens that looked for its parts. */
async function saveBeforeLeaving(event) {
  if (!form) return;
  event.preventDefault();
  clearTimeout(timer);
  try {
    if (isUnsaved() && !isSending()) await save();
  } finally {
    window.location.reload();
  }
}
