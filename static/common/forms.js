// Forms of keys and teams: go to the first wrong field, copy a link that is shown once.
import { copy } from "./clipboard.js";
import { on } from "./events.js";
import { tellAt } from "./told.js";

// What was typed since a form was sent, by field. Its answer shows the form as it was then.
const typedSince = new Map();

function isSent({ request }) {
  return request.method !== "GET";
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (isSent(ctx)) typedSince.clear();
});
document.addEventListener("input", ({ target }) => typedSince.set(target, target.value));

// After an answer with errors the first field to correct has the focus, unless somebody goes on typing.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!isSent(ctx)) return;
  for (const [field, value] of typedSince) if (field.value !== value) field.value = value;
  if (typedSince.size === 0) document.querySelector("[aria-invalid='true']")?.focus();
});

on("click", "[data-copy]", async (button) => {
  const field = document.querySelector(button.dataset.copy);
  // Where the browser refuses, the text is selected and the keyboard copies it.
  field.select();
  tellAt(button, (await copy(field.value)) ? "Copied" : "Not copied: press Ctrl+C");
});
