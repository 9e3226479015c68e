// The columns of the page: A has fields with plain names, those of the others begin with their letter (b-message).

const PREFIX = /^[b-d](?=-)/u;

/** Return the letter of the column that a field of this name belongs to. */
export function letterOf(name) {
  return PREFIX.exec(name)?.[0] ?? "a";
}

/** Return a field's name as it is in every column. */
export function plainName(name) {
  return PREFIX.test(name) ? name.slice(2) : name;
}

/** Return the name of a column's field. */
export function nameIn(letter, name) {
  return letter === "a" ? name : `${letter}-${name}`;
}

/** Return a column's field. */
export function fieldIn(form, letter, name) {
  return form.elements[nameIn(letter, name)];
}

/** Return the letters of the columns that can be run. */
export function lettersOf(form) {
  return ["a", "b", "c", "d"].filter((letter) => fieldIn(form, letter, "idempotency_key"));
}

/** Return the elements that hold the fields of a column: the column, and what stands above all for it. */
export function partsOf(letter) {
  return [columnOf(letter), ...document.querySelectorAll(`[data-of="${letter}"]`)];
}

/** Return the column with this letter. */
export function columnOf(letter) {
  return document.getElementById(`column-${letter}`);
}
