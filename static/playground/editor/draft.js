// Save what is typed and not sent: half a second after the last key, and when the page goes.
import { on } from "../../common/events.js";
import { fieldIn, letterOf, lettersOf, nameIn, plainName } from "./columns.js";
import { forget, keep, keptFor } from "./kept.js";
import { newKey } from "./keys.js";
import { isSending, sendingLetters, sentMessage } from "./sending.js";
import { fill, isSame, ofColumn, typedIn } from "./typed.js";

const PAUSE_MS = 500;
// A long text takes its time on a slow line: 400,000 characters are saved four seconds after the last key.
const CHARS_PER_MS = 100;
// Who types without a pause is not waited for any longer.
const LONGEST_MS = 5000;
const RETRY_MS = 5000;
// A page that goes may send so much; of a longer text, this tab alone knows what was typed last.
const PARTING_BYTES = 60_000;
// What is a column's own beside what was typed: by these it is known again.
const OWN = ["idempotency_key", "draft", "conversation"];

// Of the form on the page: what the server has of it, and what is being done about the rest.
let form = null;
let saved = null;
let timer = null;
let saving = null;
let unsavedSince = null;
// The page goes to come back with other columns: it takes what was typed with it.
let isChanging = false;

on("input", "[form=run-form]", saveSoon);
on("change", "[form=run-form]", saveSoon);
on("submit", "#run-form", () => {
  clearTimeout(timer);
  isChanging = true;
});
document.addEventListener("raxdash:sending", restSent);
document.addEventListener("raxdash:answered", handleAnswer);
document.addEventListener("htmx:after:swap", beginAnew);
document.addEventListener("htmx:before:history:restore", saveBeforeLeaving);
on("submit", "#discard-draft", rest);
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
  saved = typedIn(form);
  const copy = keptFor(form);
  if (copy && isFor(copy)) recover(copy);
}

/** Tell whether a copy may be put into this form: as with drafts, nothing into what began as another run was. */
function isFor({ fields, own }) {
  if (new URLSearchParams(window.location.search).has("from")) return false;
  const here = conversationsIn(ownOf(form));
  const there = conversationsIn(own ?? {});
  const hasWords = Object.keys(fields).some((name) => plainName(name) === "message" && fields[name].trim());
  return here.length === there.length && (isSame(here, there) || (hasWords && !here.some(Boolean)));
}

/** Bring a copy of an earlier page to the server, and into the form where nobody wrote anything since. */
async function recover({ fields, own }) {
  const answer = await post(bodyOf({ ...fields, ...own, recovered: "on" }));
  if (answer) forget(form);
  if (answer?.saved === false) return;
  form.dispatchEvent(new CustomEvent("raxdash:recovering", { bubbles: true, detail: { fields } }));
  fill(form, fields, saved);
  for (const letter of lettersOf(form)) {
    fieldIn(form, letter, "draft").value = own[nameIn(letter, "idempotency_key")] ?? "";
  }
  if (answer) saved = typedIn(form);
  saveSoon();
}

function ownOf(one) {
  const isOwn = (field) => field.name && OWN.includes(plainName(field.name));
  return Object.fromEntries([...one.elements].filter(isOwn).map((field) => [field.name, field.value]));
}

function conversationsIn(own) {
  return Object.keys(own)
    .filter((name) => plainName(name) === "conversation")
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .map((name) => own[name]);
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
}

/** What is in the form is given up. */
function rest() {
  clearTimeout(timer);
  saved = typedIn(form);
  forget(form);
}

function handleAnswer({ detail }) {
  if (detail.started) tell("");
  else saved = null;
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
  if (!isUnsaved() || isSending() || isChanging) return;
  const fields = typedIn(form);
  const own = ownOf(form);
  saving = post(bodyOf(fields));
  const answer = await saving;
  // Sent meanwhile, it is no draft any more.
  if (isSending() || !isSame(ownOf(form), own)) return;
  if (answer?.saved) {
    saved = fields;
    forget(form);
    form.dispatchEvent(new CustomEvent("raxdash:saved", { bubbles: true, detail: answer }));
    tell(
      `Saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}`,
    );
    saveSoon();
    return;
  }
  keep(form, fields, own);
  tell(answer?.why || "Not saved yet, kept in this tab");
  if (!answer) timer = setTimeout(save, RETRY_MS);
}

/** The page goes: say what was not said yet, and keep it for the case that nobody hears. */
function part() {
  if (isChanging || !(isUnsaved() || isSending())) return;
  const fields = typedIn(form);
  const own = ownOf(form);
  for (const letter of sendingLetters()) {
    // What comes after Run is no part of what that sends; a run that is never written leaves its message.
    if (isSame(ofColumn(fields, letter), ofColumn(saved ?? {}, letter)))
      fields[nameIn(letter, "message")] = sentMessage(letter);
    else own[nameIn(letter, "idempotency_key")] = newKey();
  }
  keep(form, fields, own);
  post(bodyOf({ ...fields, ...own }));
}

function saveBeforeLeaving(event) {
  if (!isUnsaved() || isSending()) return;
  event.preventDefault();
  clearTimeout(timer);
  save().finally(() => window.location.reload());
}

function bodyOf(fields) {
  const body = new FormData(form);
  for (const name of [...body.keys()])
    if (plainName(name) === "stream" && !(name in fields)) body.delete(name);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
}

/** Send a draft, also while the page goes; return what the server says of it, or null where it says nothing. */
async function post(body) {
  const chars = [...body.values()].reduce((sum, value) => sum + value.length, 0);
  const keepalive = chars * 3 < PARTING_BYTES;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, redirect: "manual", keepalive });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function tell(words) {
  const place = document.querySelector("[data-draft-state]");
  if (!place) return;
  place.textContent = words;
  place.parentElement.querySelector("[form=discard-draft]").hidden = words === "";
}
