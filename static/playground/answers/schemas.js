// The schema that an answer was held against last is at hand for the next one, in this browser, until its person signs out.
import { browser } from "../../common/browser.js";
import { on } from "../../common/events.js";
import { hasLeft } from "../../common/leaving.js";

const NAME = `raxdash:schema:${document.body.dataset.person}`;

on("submit", ".answer-schema form", (form) => {
  if (!hasLeft()) browser.remember(NAME, form.elements.schema.value);
});

document.addEventListener(
  "toggle",
  ({ target }) => {
    const field = target.open && target.matches(".answer-schema") && target.querySelector("textarea");
    if (field && field.value === "") field.value = browser.remembered(NAME) ?? "";
  },
  { capture: true },
);
