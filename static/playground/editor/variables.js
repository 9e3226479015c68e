// Variables get a field each while they are typed. What is posted is one JSON object of their values; it keeps those of
// variables that are gone, until they come back.
import { fieldIn, lettersOf } from "./columns.js";
import { isLinked } from "./links.js";
import { namesIn } from "./scanning.js";
import { sendingLetters } from "./sending.js";
import { textsOf, whenTyped } from "./typing.js";
import { isText, membersOf, sentValue, showMembers } from "./values.js";

const FIELD = "[data-variable]";
const GROUP = "variables";
// The names that the texts of each column have.
const names = new Map();
let made = 0;

// Fields that came with the page are for those without scripts.
for (const field of document.querySelectorAll(FIELD)) field.removeAttribute("name");
document.addEventListener("input", take, { capture: true });
document.addEventListener("change", take, { capture: true });
document.addEventListener("raxdash:sending", forgetErrors);
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const button = detail.ctx?.sourceElement;
  if (!(button?.matches("[data-run-edited]") && button.closest(".turn-edit")?.querySelector(".field-error")))
    return;
  const [empty] = emptyFields(button.value);
  empty?.setAttribute("aria-invalid", "true");
  empty?.focus();
});
whenTyped((letter) => {
  names.set(letter, namesIn(textsOf(letter)));
  for (const each of lettersOf(formOf())) show(each);
});

/** Return the fields of a column's variables that have no value. */
export function emptyFields(letter) {
  const members = membersIn(letter);
  if (!members) return [];
  const missing = namesOf(letter).filter((name) => sentValue(members.get(name)) === "");
  return missing.map((name) => fieldFor(letter, name)).filter(Boolean);
}

/** Return the names of the variables of a column. */
export function namesOf(letter) {
  return names.get(letter) ?? namesIn(textsOf(letter));
}

/** Return the value of a variable of a column as it is sent. */
export function valueIn(letter, name) {
  return sentValue(membersIn(letter)?.get(name));
}

/** Return the element that stands beside the fields of a column's variables. */
export function besideVariables(letter) {
  return document.getElementById(`${fieldIn(formOf(), letter, GROUP)?.id}_beside`);
}

function formOf() {
  return document.getElementById("run-form");
}

function blockOf(letter) {
  return document.querySelector(`[data-variables="${letter}"]`);
}

function membersIn(letter) {
  return membersOf(fieldIn(formOf(), letter, GROUP).value);
}

/** Put what was typed into the field of a variable into the object: that is what counts. */
function take(event) {
  const field = event.target;
  if (!field.matches?.(FIELD)) return;
  event.stopPropagation();
  const whole = fieldIn(formOf(), field.closest("[data-variables]").dataset.variables, GROUP);
  const members = membersOf(whole.value);
  const { variable } = field.dataset;
  if (event.type !== "input" || !members || sentValue(members.get(variable)) === field.value) return;
  members.set(variable, JSON.stringify(field.value));
  whole.value = showMembers(members);
  if (field.value !== "") field.removeAttribute("aria-invalid");
  whole.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Show a field for each variable of a column, but for those that a column before shows for this one too. */
function show(letter) {
  const block = blockOf(letter);
  if (!block) return;
  const members = membersIn(letter);
  const rows = block.querySelector(".variable-rows");
  const shown = namesOf(letter).filter((name) => !isShownBefore(letter, name, members));
  for (const field of rows.querySelectorAll(FIELD))
    if (!shown.includes(field.dataset.variable)) field.closest(".variable").remove();
  for (const [place, name] of shown.entries()) {
    const row = rowOf(block, name);
    if (rows.children[place] !== row) rows.insertBefore(row, rows.children[place] ?? null);
    showValue(row.querySelector(FIELD), members, name);
  }
  tell(block, members, letter);
  forgetCured(block, letter);
}

/** Take back that values are missing, once none is: however they came. */
function forgetCured(block, letter) {
  for (const field of block.querySelectorAll("[aria-invalid]")) {
    if (field.value !== "") field.removeAttribute("aria-invalid");
  }
  if (membersIn(letter) && emptyFields(letter).length === 0) besideVariables(letter)?.replaceChildren();
}

function showValue(field, members, name) {
  // While the object cannot be read, nothing can be put into it.
  field.readOnly = members === null;
  const value = sentValue(members?.get(name));
  if (members && field.value !== value) field.value = value;
}

function isShownBefore(letter, name, members) {
  const form = formOf();
  const before = lettersOf(form).filter((other) => other < letter && isLinked(form, other, GROUP));
  if (!(members && isLinked(form, letter, GROUP))) return false;
  return before.some(
    (other) => names.get(other)?.includes(name) && valueIn(other, name) === sentValue(members.get(name)),
  );
}

function ownField(block, name) {
  return [...block.querySelectorAll(FIELD)].find(({ dataset }) => dataset.variable === name);
}

/** Return the field in which the value of a column's variable is typed: its own, or that of a column before. */
function fieldFor(letter, name) {
  const letters = lettersOf(formOf()).filter((other) => other <= letter);
  return letters
    .reverse()
    .map((other) => ownField(blockOf(other), name))
    .find(Boolean);
}

/** Return the row of a variable, a new one where there is none. */
function rowOf(block, name) {
  const field = ownField(block, name);
  if (field) return field.closest(".variable");
  const row = block.querySelector("template").content.firstElementChild.cloneNode(true);
  made += 1;
  const id = `value-${block.dataset.variables}-new-${made}`;
  row.querySelector("label").htmlFor = id;
  row.querySelector("bdi").textContent = name;
  const fresh = row.querySelector("textarea");
  fresh.id = id;
  // Its style sheet gives each paragraph its direction (long_texts.js).
  for (const attribute of ["name", "dir"]) fresh.removeAttribute(attribute);
  fresh.dataset.variable = name;
  return row;
}

/** Say of an object what is not plain to see: what is no text in it, and what no text asks for. */
function tell(block, members, letter) {
  const place = block.querySelector("[data-values-words]");
  const known = namesOf(letter);
  const words = members
    ? [...wordsFor(members, known)]
    : ["This is no JSON object yet: no value is taken from it."];
  const told = words.join(" ");
  if (place.textContent !== told) place.textContent = told;
}

/** Yield what is to be said of values, as they are written, where these names are known. */
export function* wordsFor(members, known) {
  const unknown = [...members.keys()].filter((name) => !known.includes(name));
  const others = known.filter((name) => members.has(name) && !isText(members.get(name)));
  const empty = others.filter((name) => sentValue(members.get(name)) === "");
  const asJson = others.filter((name) => !empty.includes(name));
  if (asJson.length > 0) yield `No text, sent as JSON: ${asJson.join(", ")}.`;
  if (empty.length > 0) yield `null is no value: ${empty.join(", ")}.`;
  if (unknown.length > 0) yield `In no text: ${unknown.join(", ")}.`;
}

function forgetErrors() {
  for (const letter of sendingLetters()) {
    besideVariables(letter)?.replaceChildren();
    for (const field of blockOf(letter)?.querySelectorAll("[aria-invalid]") ?? [])
      field.removeAttribute("aria-invalid");
  }
}
