// Forms of keys and teams: go to the first wrong field, copy a link that is shown once.
import { copy } from "./clipboard.js";
import { on } from "./events.js";

// After an answer with errors the first field to correct has the focus.
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("[aria-invalid='true']")?.focus();
});

on("click", "[data-copy]", async (button) => {
  const field = document.querySelector(button.dataset.copy);
  // Where the browser refuses, the text is selected and the keyboard copies it.
  field.select();
  button.textContent = (await copy(field.value)) ? "Copied" : "Not copied: press Ctrl+C";
});
