// The answer of a turn becomes the next message of its column, below what is typed there.
import { on } from "../../common/events.js";
import { fieldIn } from "./columns.js";
import { escaped } from "./scanning.js";

on("click", "[data-use-answer]", (link, event) => {
  const form = document.getElementById("run-form");
  const column = link.closest(".col");
  const field = form && column && fieldIn(form, column.dataset.column, "message");
  if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // Braces of an answer are no variables.
  const answer = escaped(link.closest(".turn").querySelector("template[data-source]").content.textContent);
  field.value = field.value.trim() ? `${field.value}\n\n${answer}` : answer;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
