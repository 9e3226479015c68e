// A draft as it is sent: what was typed, and what a page's columns are known again by.
import { plainName } from "./columns.js";

// A page that goes may send so much; of a longer text, this browser alone knows what was typed last.
const PARTING_BYTES = 60_000;
// Parts of a form cost the server more to read than a text of pairs, which grows threefold with other scripts.
const SHORT_CHARS = 10_000;
// What is a column's own beside what was typed.
const OWN = ["idempotency_key", "draft", "conversation", "waits_since"];
// What the page knows of drafts.
const KNOWN = ["draft_id", "draft_seen"];
const SIGNED_OUT = "Kept in this browser until you sign in again";
const OTHER_SESSION = "Kept in this browser: reload this page to go on";

/** Return what is the columns' own on a page, by name. */
export function ownOf(form) {
  return valuesOf(form, (name) => OWN.includes(plainName(name)));
}

/** Return what a page knows of drafts, by name. */
export function knownOf(form) {
  return valuesOf(form, (name) => KNOWN.includes(name));
}

function valuesOf(form, isMeant) {
  const fields = [...form.elements].filter(({ name }) => name && isMeant(name));
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/** Return the conversations of columns in order, an empty text for a new one. */
export function conversationsIn(own) {
  return Object.keys(own)
    .filter((name) => plainName(name) === "conversation")
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .map((name) => own[name]);
}

/** Return the first message of a page. */
export function messageIn(fields) {
  const messages = Object.keys(fields).filter((name) => plainName(name) === "message");
  return messages.map((name) => fields[name].trim()).find(Boolean) ?? "";
}

/** Return what the form sends, with these fields instead of its own. */
export function bodyOf(form, fields) {
  const body = new FormData(form);
  for (const name of [...body.keys()])
    if (plainName(name) === "stream" && !(name in fields)) body.delete(name);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
}

/** Return what another page would send that held these fields. */
export function bodyOfOther(form, fields) {
  const body = new FormData();
  const csrf = form.elements.csrfmiddlewaretoken.value;
  for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: csrf })) body.set(name, value);
  return body;
}

/** Send a draft, also while the page goes; return what is said of it, or null where the server says nothing. */
export async function post(form, body) {
  const chars = [...body.values()].reduce((sum, value) => sum + value.length, 0);
  const keepalive = chars * 3 < PARTING_BYTES;
  const headers = { "HX-Request": "true" };
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: chars < SHORT_CHARS ? new URLSearchParams(body) : body,
      headers,
      redirect: "manual",
      keepalive,
    });
    if (answer.headers.has("HX-Redirect")) return { saved: false, why: SIGNED_OUT, isLater: true };
    if (answer.status === 403) return { saved: false, why: OTHER_SESSION, isLater: true };
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
