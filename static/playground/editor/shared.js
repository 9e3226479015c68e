// What is the same in all columns stands once above or below them. A column whose words became others, as where its run was
// refused and the others' were not, shows its own.
import { fieldIn, letterOf, plainName } from "./columns.js";
import { whenTyped } from "./typing.js";

whenTyped(() => {
  for (const place of document.querySelectorAll(".as-in-all")) look(place);
});

function look(place) {
  const field = place.querySelector("[name]");
  const shown = fieldIn(field.form, letterOf(""), plainName(field.name));
  place.classList.toggle("is-apart", field.value !== shown.value);
}
