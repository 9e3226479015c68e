// The way to a column's message by its number.
import { isComposing } from "../../common/events.js";
import { fieldIn } from "./columns.js";

const LETTERS = ["a", "b", "c", "d"];
// With Alt some keyboards write something else: its place on the keyboard is what counts.
const DIGIT = /^Digit[1-4]$/u;

document.addEventListener("keydown", (event) => {
  if (isComposing(event) || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  if (event.altKey && DIGIT.test(event.code)) goTo(LETTERS[event.code.at(-1) - 1], event);
});

function goTo(letter, event) {
  const form = document.getElementById("run-form");
  const field = form && fieldIn(form, letter, "message");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "nearest", inline: "nearest" });
}
