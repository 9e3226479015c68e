// Words and parameters that are linked across columns: an edit in one changes all.
import { on } from "../../common/events.js";
import { fieldIn, letterOf, lettersOf, plainName } from "./columns.js";

let isCopying = false;

on("input", "[form=run-form]", (field) => {
  const name = plainName(field.name);
  const group = JSON.parse(field.form.dataset.links)[name];
  if (isCopying || !group || !isLinked(field.form, letterOf(field.name), group)) return;
  isCopying = true;
  for (const letter of lettersOf(field.form)) {
    const other = fieldIn(field.form, letter, name);
    if (other !== field && isLinked(field.form, letter, group)) copy(field, other);
  }
  isCopying = false;
});

/** Tell whether something of a column is linked to the other columns. */
export function isLinked(form, letter, group) {
  return fieldIn(form, letter, "links")?.value.split(" ").includes(group);
}

function copy(field, other) {
  if (field.type === "checkbox") other.checked = field.checked;
  else other.value = field.value;
  other.dispatchEvent(new Event("input", { bubbles: true }));
}
