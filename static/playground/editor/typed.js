// What a form holds, as it was typed: read, compared, put back.
import { letterOf, plainName } from "./columns.js";

const OWN = new Set([
  "csrfmiddlewaretoken",
  "idempotency_key",
  "draft",
  "draft_id",
  "draft_seen",
  "waits_since",
  "conversation",
  "last_turn",
  "after",
  "edited_key",
  "unlisted",
]);

/** Return the fields of the form that people fill in, by name; of one column where its letter is given. */
export function typedIn(form, letter) {
  const isMeant = (name) => !OWN.has(plainName(name)) && (!letter || letterOf(name) === letter);
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (isMeant(name)) fields[name] = value.replaceAll("\r\n", "\n");
  }
  // While a choice is made from a list, its field holds nothing (see models.js).
  for (const field of form.elements) {
    if (field.list && !field.value && field.dataset.chosen && isMeant(field.name))
      fields[field.name] = field.dataset.chosen;
  }
  return fields;
}

/** Return those of some fields that belong to a column. */
export function ofColumn(fields, letter) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => letterOf(name) === letter));
}

/** Tell whether two forms hold the same. */
export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Put back what was typed, but for fields that were changed since they were as in `before`. */
export function fill(form, fields, before) {
  const now = typedIn(form);
  for (const field of form.elements) {
    const { name } = field;
    if (!name || OWN.has(plainName(name)) || now[name] !== before[name]) continue;
    if (field.type === "checkbox") field.checked = name in fields;
    else if (name in fields && field.value !== fields[name]) field.value = fields[name];
    else continue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
