// A browser offers only those entries of a list that match what the field holds: while choosing, it holds nothing.
import { on } from "../../common/events.js";

on("pointerdown", "input[list]", (field) => {
  const list = document.getElementById(field.getAttribute("list"));
  if (!(field.value && list?.options.length)) return;
  field.dataset.placeholder ??= field.placeholder;
  field.dataset.chosen = field.value;
  field.placeholder = field.value;
  field.value = "";
});

on("focusout", "input[list]", showModel);

// What somebody typed counts, also where they took it away again.
on("input", "input[list]", (field) => {
  delete field.dataset.chosen;
});

/** Let a field hold what was chosen in it before, unless something else was typed. */
export function showModel(field) {
  if (!field.value && field.dataset.chosen) field.value = field.dataset.chosen;
  delete field.dataset.chosen;
  field.placeholder = field.dataset.placeholder ?? field.placeholder;
}
