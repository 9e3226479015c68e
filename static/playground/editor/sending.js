// What is typed while a run is on its way to the server belongs to the next one.
//
// The message leaves its box at once, so that nothing typed mixes with it. Answers never touch a field: where
// none brings a new key, nothing was started, and the message comes back.
import { on } from "../../common/events.js";
import { newKey } from "./keys.js";
import { foldForTurns } from "./settings.js";
import { isSame, typedIn } from "./typed.js";

let sent = null;
// What was sent and, as far as is known here, started nothing. Its answer may be lost: the same again is the same run.
let attempted = null;
let isComposing = false;

document.addEventListener("compositionstart", () => {
  isComposing = true;
});
document.addEventListener("compositionend", () => {
  isComposing = false;
});

/** Tell whether a run is on its way. */
export function isSending() {
  return sent !== null;
}

/** Return the message that is on its way. */
export function sentMessage() {
  return sent?.message ?? "";
}

/** Tell whether somebody has typed or set anything since Run was pressed last. */
export function hasTypedMeanwhile() {
  return sent?.hasTyped === true;
}

document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form.id !== "run-form" || event.defaultPrevented) return;
  forgetErrors(form);
  const { message, idempotency_key: key } = form.elements;
  sent = {
    message: message.value,
    fields: typedIn(form),
    key: key.value,
    hasTyped: false,
    isFirst: !document.querySelector(".turn"),
    button: event.detail.ctx.sourceEvent?.submitter,
  };
  message.value = "";
  form.dispatchEvent(new CustomEvent("raxdash:sending", { bubbles: true }));
});

document.addEventListener("htmx:finally:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form.id !== "run-form" || !sent) return;
  const { message, isFirst, key, fields, button } = sent;
  const started = form.elements.idempotency_key.value !== key;
  sent = null;
  attempted = started ? null : fields;
  if (!started) giveBack(form.elements.message, message);
  else if (isFirst) foldForTurns();
  renewKey(form);
  // Run was disabled meanwhile, which takes the focus from it. It is enabled again after this event.
  setTimeout(() => document.activeElement === document.body && button?.focus({ preventScroll: true }));
  form.dispatchEvent(new CustomEvent("raxdash:answered", { bubbles: true, detail: { started } }));
});

on("input", "#run-form", (form) => {
  if (sent) sent.hasTyped = true;
  renewKey(form);
});

/** Give what differs from the last attempt a key of its own. */
function renewKey(form) {
  if (!attempted || isSame(typedIn(form), attempted)) return;
  attempted = null;
  const { idempotency_key: key, draft } = form.elements;
  draft.value = key.value;
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

function forgetErrors(form) {
  for (const error of form.querySelectorAll(".field-error, #unlisted > *")) error.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}
