// What a form holds, as it was typed: read, compared, put back.

const OWN = new Set([
  "csrfmiddlewaretoken",
  "idempotency_key",
  "draft",
  "conversation",
  "last_turn",
  "unlisted",
]);

/** Return the fields of the form that people fill in, by name. */
export function typedIn(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (!OWN.has(name)) fields[name] = value.replaceAll("\r\n", "\n");
  }
  // While a choice is made from a list, its field holds nothing (see models.js).
  for (const field of form.querySelectorAll("input[list]")) {
    if (!field.value && field.dataset.chosen) fields[field.name] = field.dataset.chosen;
  }
  return fields;
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
    if (!name || OWN.has(name) || now[name] !== before[name]) continue;
    if (field.type === "checkbox") field.checked = name in fields;
    else if (name in fields && field.value !== fields[name]) field.value = fields[name];
    else continue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
