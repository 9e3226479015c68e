// What was typed survives what comes instead of an answer: a sign-in, an error's page, a reload after a failure.
//
// It is kept in this tab, for this person, and given back on the page it was typed on. Nothing secret is, and no
// form that keeps its own drafts.
import { hasArrived } from "./answers.js";
import { on } from "./events.js";
import { forget, remember, remembered } from "./tab.js";

const OWED = "raxdash:owed"; // to be given back
const SENT = "raxdash:sent"; // with a form that left its page: owed if something else than an answer comes
const UNTYPED = "[type=hidden], [type=password], [type=file], button, [type=submit]";
const SECRET = /password|secret|token(?!s)|code/iu;

const here = () => location.pathname + location.search;
const person = () => document.body.dataset.person;

/** Tell whether a field that people type into holds something else than the page came with, and nothing secret. */
export function isTyped(field) {
  if (!field.id || field.matches(UNTYPED) || SECRET.test(field.name)) return false;
  if (field.matches("select")) return isChosen(field);
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

function isChosen(list) {
  const served = servedOptions(list);
  return [...list.options].some((one) => one.selected !== served.includes(one));
}

/** Return the options of a list that it came with as chosen: where none is marked, browsers choose the first they may. */
export function servedOptions(list) {
  const options = [...list.options];
  const marked = options.filter((one) => one.defaultSelected);
  if (list.multiple) return marked;
  return marked.length > 0 ? marked.slice(-1) : options.filter((one) => !one.disabled).slice(0, 1);
}

/** Return what a field holds, as it is kept. */
export function read(field) {
  return field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value;
}

/** Let a field hold what was kept. */
export function put(field, value) {
  field[typeof value === "boolean" ? "checked" : "value"] = value;
}

/** Keep what was typed into these forms, to be given back. */
export function keep(forms, place = OWED) {
  const fields = forms.filter((form) => !form.dataset.draft).flatMap((form) => [...form.elements]);
  const typed = fields.filter(isTyped).map((field) => [field.id, read(field)]);
  remember(place, { page: here(), person: person(), typed });
}

function take(place) {
  const kept = remembered(place);
  forget(place);
  return kept;
}

function giveBack([id, value]) {
  const field = document.getElementById(id);
  // Who types before the scripts are there goes on.
  if (!field || isTyped(field)) return;
  put(field, value);
  // Whoever follows what is typed sees this too.
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// A page that comes instead of an answer: a sign-in, an error.
function isNoAnswer() {
  return document.querySelector("[data-no-answer]") !== null;
}

function begin() {
  const sent = take(SENT);
  if (isNoAnswer()) {
    if (sent) remember(OWED, sent);
    return;
  }
  if (!person()) return;
  const owed = take(OWED);
  if (owed?.person !== person()) return;
  if (owed.page === here()) owed.typed.forEach(giveBack);
  else remember(OWED, owed);
}

// A form that htmx does not send: `sending.js` holds it back, and sends it a second time.
on("submit", "form", (form, event) => {
  if (event.defaultPrevented || isNoAnswer()) return;
  take(OWED);
  keep([form], SENT);
});

/** Tell whether an answer sends the page to the sign-in. */
export function isSentToSignIn(ctx) {
  const to = ctx.hx?.redirect;
  const signIn = document.querySelector("#signed-out a").pathname;
  return Boolean(to) && new URL(to, location.href).pathname === signIn;
}

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (isSentToSignIn(ctx)) {
    keep([...document.forms]);
    return;
  }
  const form = ctx.sourceElement;
  if (!form.matches("form:not([data-says-itself])") || ctx.request.method === "GET") return;
  if (hasArrived(ctx) && ctx.response.status < 400) take(OWED);
  else keep([form]);
});

begin();
