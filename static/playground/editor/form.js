// The form: run by Ctrl or Cmd with Enter, and what an answer to it says is wrong.
import { isComposing, on } from "../../common/events.js";
import { fieldIn, partsOf } from "./columns.js";
import { showModel } from "./models.js";
import { hasTypedMeanwhile, lettersFor } from "./sending.js";
import { besideVariables, emptyFields } from "./variables.js";

const BESIDE = "_beside";

// With Shift, the column alone that somebody is in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  // An Enter of an input method accepts what that proposes.
  if (isComposing(event) || event.repeat) return;
  const button = buttonFor(event);
  if (!button || button.disabled || button.matches(".is-stop")) return;
  event.preventDefault();
  if (event.target.matches("[list]")) showModel(event.target);
  button.click();
});

function buttonFor({ target, shiftKey }) {
  // What stands in other forms is sent by those.
  if (target.form ? target.form.id !== "run-form" : target.matches("input, textarea, select")) return null;
  const edited = target.closest("[data-turn-edit]") ?? editedBeside(target);
  if (edited) return edited.querySelector("[data-run-edited]");
  const own = target.closest(".col")?.querySelector("[data-run]");
  return (
    (shiftKey && own) ||
    document.querySelector("[data-run][value=all]") ||
    document.querySelector("[data-run]")
  );
}

/** Return the one earlier message that is edited, for which a value is typed where no next message is written. */
function editedBeside(target) {
  const [editor, another] = document.querySelectorAll("[data-turn-edit]");
  if (!editor || another || !target.closest("[data-variables]")) return null;
  const next = fieldIn(target.form, editor.closest(".col").dataset.column, "message");
  return next.value.trim() ? null : editor;
}

// The form's first button (index.html), which does nothing, stops Enter everywhere but in a checkbox.
on("keydown", "[form=run-form][type=checkbox]", (_box, event) => {
  if (event.key === "Enter") event.preventDefault();
});

// What was wrong with a field was wrong with what stood in it then.
on("input", "[form=run-form][aria-invalid]", (field) => {
  const beside = document.getElementById(`${field.id}${BESIDE}`);
  beside?.replaceChildren();
  if (beside) markField(beside);
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  const button = detail.ctx?.sourceElement;
  if (!button?.matches("[data-run]")) return;
  const letters = lettersFor(button);
  const places = letters.flatMap(placesOf);
  const [wrong] = places.filter(markField);
  if (!wrong) return;
  const field = fieldOf(wrong);
  (field ?? wrong).closest("details")?.setAttribute("open", "");
  // Whoever goes on writing is not interrupted.
  if (hasTypedMeanwhile(letters)) return;
  field?.focus();
  // What is wrong stands below its field, where a small screen may end.
  wrong.scrollIntoView({ block: "nearest" });
});

/** Return the elements of a column that stand beside fields; its variables may stand elsewhere. */
function placesOf(letter) {
  const own = partsOf(letter).flatMap((part) => [...part.querySelectorAll(`[id$=${BESIDE}]`)]);
  return [...new Set([...own, besideVariables(letter)].filter(Boolean))];
}

/** Say of the field that an element stands beside whether it is wrong; return whether there is an error. */
function markField(beside) {
  const error = beside.querySelector(".field-error");
  const field = fieldOf(beside);
  if (!field) return error !== null;
  const help = document.getElementById(`${field.id}_helptext`);
  const told = [help?.id, error?.id].filter(Boolean).join(" ");
  field.toggleAttribute("aria-invalid", error !== null);
  if (error) field.setAttribute("aria-invalid", "true");
  if (told) field.setAttribute("aria-describedby", told);
  else field.removeAttribute("aria-describedby");
  return error !== null;
}

/** Return the field that an element stands beside; null for what stands beside a whole column. */
function fieldOf(beside) {
  const { besideVariables: letter } = beside.dataset;
  const [empty] = letter ? emptyFields(letter) : [];
  if (empty) return empty;
  const field = document.getElementById(beside.id.slice(0, -BESIDE.length));
  if (field?.type === "hidden") return emptyIn(field.closest("[data-messages]"));
  return field?.closest("input, textarea, select") ?? null;
}

/** Return the first empty message of those before another, else the first. */
function emptyIn(area) {
  const texts = [...(area?.querySelectorAll("textarea") ?? [])];
  return texts.find((text) => !text.value.trim()) ?? texts[0] ?? null;
}
