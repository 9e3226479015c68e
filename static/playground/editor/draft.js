// Save what is typed and not sent: half a second after the last key, and when the page goes.
import { on } from "../../common/events.js";
import { forget, keep, keptFor } from "./kept.js";
import { newKey } from "./keys.js";
import { isSending, sentMessage } from "./sending.js";
import { fill, isSame, typedIn } from "./typed.js";

const PAUSE_MS = 500;
// A long text takes its time on a slow line: 400,000 characters are saved four seconds after the last key.
const CHARS_PER_MS = 100;
// Who types without a pause is not waited for any longer.
const LONGEST_MS = 5000;
const RETRY_MS = 5000;
// A page that goes may send so much; of a longer text, this tab alone knows what was typed last.
const PARTING_BYTES = 60_000;

// Of the form on the page: what the server has of it, and what is being done about the rest.
let form = null;
let saved = null;
let timer = null;
let saving = null;
let unsavedSince = null;

on("input", "#run-form", saveSoon);
on("change", "#run-form", saveSoon);
document.addEventListener("raxdash:sending", rest);
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
function isFor({ fields, conversation }) {
  if (new URLSearchParams(window.location.search).has("from")) return false;
  const here = form.elements.conversation.value;
  return here ? here === conversation : !conversation || Boolean(fields.message.trim());
}

/** Bring a copy of an earlier page to the server, and into the form where nobody wrote anything since. */
async function recover({ fields, page, draft, conversation }) {
  const own = { idempotency_key: page, draft, conversation, recovered: "on" };
  const answer = await post(bodyOf({ ...fields, ...own }));
  if (answer) forget(form);
  if (answer?.saved === false) return;
  fill(form, fields, saved);
  form.elements.draft.value = page;
  if (answer) saved = typedIn(form);
  saveSoon();
}

function isUnsaved() {
  return form?.isConnected && !isSame(typedIn(form), saved);
}

/** What is in the form is sent, or given up: nothing of it waits to be saved. */
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
  if (!form?.isConnected) return;
  const { length } = form.elements.message.value + form.elements.system_prompt.value;
  unsavedSince ??= Date.now();
  const longest = Math.max(0, unsavedSince + LONGEST_MS - Date.now());
  timer = setTimeout(save, Math.min(PAUSE_MS + length / CHARS_PER_MS, longest));
}

/** Save what there is, one after the other. */
async function save() {
  await saving;
  unsavedSince = null;
  if (!isUnsaved() || isSending()) return;
  const fields = typedIn(form);
  const page = form.elements.idempotency_key.value;
  saving = post(bodyOf(fields));
  const answer = await saving;
  // Sent meanwhile, it is no draft any more.
  if (isSending() || form.elements.idempotency_key.value !== page) return;
  if (answer?.saved) {
    saved = fields;
    forget(form);
    tell(
      `Saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}`,
    );
    saveSoon();
    return;
  }
  keep(form, fields, page);
  tell(answer?.why || "Not saved yet, kept in this tab");
  if (!answer) timer = setTimeout(save, RETRY_MS);
}

/** The page goes: say what was not said yet, and keep it for the case that nobody hears. */
function part() {
  if (!(isUnsaved() || isSending())) return;
  const fields = typedIn(form);
  let page = form.elements.idempotency_key.value;
  // What comes after Run is no part of what that sends; a run that is never written leaves its message.
  if (isSending() && isUnsaved()) page = newKey();
  else if (isSending()) fields.message = sentMessage();
  keep(form, fields, page);
  post(bodyOf({ ...fields, idempotency_key: page }));
}

function saveBeforeLeaving(event) {
  if (!isUnsaved() || isSending()) return;
  event.preventDefault();
  clearTimeout(timer);
  save().finally(() => window.location.reload());
}

function bodyOf(fields) {
  const body = new FormData(form);
  if (!("stream" in fields)) body.delete("stream");
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
  const place = form.querySelector("[data-draft-state]");
  if (!place) return;
  place.textContent = words;
  place.parentElement.querySelector("[form=discard-draft]").hidden = words === "";
}
