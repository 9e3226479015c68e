// What is typed while a run is on its way to the server belongs to the next one, in each column for itself.
//
// The message leaves its box at once, so that nothing typed mixes with it. Answers never touch a field: where
// none brings a new key, nothing was started, and the message comes back.
import { on } from "../../common/events.js";
import { columnOf, fieldIn, letterOf, lettersOf, partsOf, plainName } from "./columns.js";
import { newKey } from "./keys.js";
import { isSame, typedIn } from "./typed.js";

// By the letter of a column.
const sent = new Map();
// What was sent and, as far as is known here, started nothing. Its answer may be lost: the same again is the same run.
const attempted = new Map();
let isComposing = false;

document.addEventListener("compositionstart", () => {
  isComposing = true;
});
document.addEventListener("compositionend", () => {
  isComposing = false;
});

/** Tell whether a run is on its way. */
export function isSending() {
  return sent.size > 0;
}

/** Return the letters of the columns whose runs are on their way. */
export function sendingLetters() {
  return [...sent.keys()];
}

/** Return the messages of a column that are on their way, by the names of their fields. */
export function sentMessages(letter) {
  const { message = "", before = "" } = sent.get(letter) ?? {};
  return { message, messages_before: before };
}

/** Tell whether somebody has typed or set anything in these columns since Run was pressed last. */
export function hasTypedMeanwhile(letters) {
  return letters.some((letter) => sent.get(letter)?.hasTyped);
}

/** Return the letters of the columns that a button runs. */
export function lettersFor(button) {
  return button.value === "all" ? lettersOf(button.form) : [button.value];
}

// Of other columns the server needs to know which conversations they are.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const button = ctx.sourceElement;
  if (!button.matches("[data-run]")) return;
  const letters = lettersFor(button);
  for (const name of [...ctx.request.body.keys()]) {
    const isOthers = !letters.includes(letterOf(name)) && plainName(name) !== "conversation";
    if (isOthers && name !== "csrfmiddlewaretoken" && name !== "run") ctx.request.body.delete(name);
  }
});

document.addEventListener("htmx:before:request", (event) => {
  const button = event.detail.ctx.sourceElement;
  if (!button.matches("[data-run]") || event.defaultPrevented) return;
  const letters = lettersFor(button);
  if (letters.some((letter) => sent.has(letter))) {
    event.preventDefault();
    return;
  }
  for (const letter of letters) send(button.form, letter);
  button.form.dispatchEvent(new CustomEvent("raxdash:sending", { bubbles: true }));
});

function send(form, letter) {
  const column = columnOf(letter);
  for (const part of partsOf(letter)) forgetErrors(part);
  const message = fieldIn(form, letter, "message");
  const before = fieldIn(form, letter, "messages_before");
  sent.set(letter, {
    message: message.value,
    before: before.value,
    fields: typedIn(form, letter),
    key: fieldIn(form, letter, "idempotency_key").value,
    hasTyped: false,
    isFirst: !column.querySelector(".turn"),
  });
  message.value = "";
  set(before, "");
}

/** Set the messages before the next one; nobody has typed that. */
function set(field, messages) {
  field.value = messages;
  field.dispatchEvent(new Event("raxdash:set", { bubbles: true }));
}

document.addEventListener("htmx:finally:request", (event) => {
  const button = event.detail.ctx.sourceElement;
  if (!button.matches("[data-run]")) return;
  const letters = lettersFor(button).filter((letter) => sent.has(letter));
  if (letters.length === 0) return;
  const started = letters.filter((letter) => settle(button.form, letter));
  // The button was disabled meanwhile, which takes the focus from it. It is enabled again after this event.
  setTimeout(() => document.activeElement === document.body && button.focus({ preventScroll: true }));
  const detail = { started: started.length === letters.length };
  button.form.dispatchEvent(new CustomEvent("raxdash:answered", { bubbles: true, detail }));
});

/** Take in what became of a column that was sent; return whether it started. */
function settle(form, letter) {
  const { message, before, isFirst, key, fields } = sent.get(letter);
  const isStarted = fieldIn(form, letter, "idempotency_key").value !== key;
  sent.delete(letter);
  if (isStarted) attempted.delete(letter);
  else attempted.set(letter, fields);
  if (!isStarted) {
    giveBack(fieldIn(form, letter, "message"), message);
    giveBackBefore(fieldIn(form, letter, "messages_before"), before);
  }
  if (isStarted && isFirst) fold(columnOf(letter).querySelector(".params"));
  renewKey(form, letter);
  return isStarted;
}

on("input", "[form=run-form]", (field) => {
  const letter = letterOf(field.name);
  const one = sent.get(letter);
  if (one) one.hasTyped = true;
  renewKey(field.form, letter);
});

/** Give what differs from the last attempt a key of its own. */
function renewKey(form, letter) {
  if (!attempted.has(letter) || isSame(typedIn(form, letter), attempted.get(letter))) return;
  attempted.delete(letter);
  const key = fieldIn(form, letter, "idempotency_key");
  fieldIn(form, letter, "draft").value = key.value;
  key.value = newKey();
}

/** Put a message back before what was typed since, where the cursor stays; an input method ends its word first. */
function giveBack(field, message) {
  if (!message) return;
  if (isComposing) {
    field.addEventListener("compositionend", () => giveBack(field, message), { once: true });
    return;
  }
  const typed = field.value;
  const { selectionStart, selectionEnd } = field;
  const before = typed ? `${message}\n` : message;
  field.value = before + typed;
  field.setSelectionRange(before.length + selectionStart, before.length + selectionEnd);
}

/** Put messages back before those that were added since. */
function giveBackBefore(field, messages) {
  if (messages && field.value)
    set(field, JSON.stringify([...JSON.parse(messages), ...JSON.parse(field.value)]));
  else if (messages) set(field, messages);
}

/** Fold parameters away with the first turn, unless somebody is in them. */
function fold(parameters) {
  if (!parameters.contains(document.activeElement)) parameters.open = false;
}

function forgetErrors(part) {
  for (const error of part.querySelectorAll(".field-error, [id^=unlisted-] > *")) error.remove();
  for (const field of part.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}
