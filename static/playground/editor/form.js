// The form: run by Ctrl or Cmd with Enter, and what an answer to it says is wrong.
import { on } from "../../common/events.js";
import { showModel } from "./models.js";
import { hasTypedMeanwhile } from "./sending.js";
import { unfoldFor } from "./settings.js";

const BESIDE = "_beside";
const COMPOSING_CODE = 229;

on("keydown", "#run-form", (form, event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  // This Enter accepts what an input method proposes. Some browsers say so by a code alone.
  if (event.isComposing || event.keyCode === COMPOSING_CODE || event.repeat) return;
  const button = form.querySelector(".run-button");
  if (!button || button.disabled) return;
  event.preventDefault();
  if (event.target.matches("[list]")) showModel(event.target);
  form.requestSubmit(button);
});

// The form's first button, which does nothing, stops Enter everywhere but in a checkbox.
on("keydown", "#settings input[type=checkbox]", (_box, event) => {
  if (event.key === "Enter") event.preventDefault();
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  const form = detail.ctx?.sourceElement;
  if (form?.id !== "run-form") return;
  const [wrong] = [...form.querySelectorAll(`[id$=${BESIDE}]`)].filter(markField);
  if (!wrong) return;
  const field = fieldOf(wrong);
  unfoldFor(field ?? wrong);
  // Whoever goes on writing is not interrupted.
  if (hasTypedMeanwhile()) return;
  field?.focus();
  // What is wrong stands below its field, where a small screen may end.
  wrong.scrollIntoView({ block: "nearest" });
});

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

/** Return the field that an element stands beside; null for what stands beside the whole form. */
function fieldOf(beside) {
  const field = document.getElementById(beside.id.slice(0, -BESIDE.length));
  return field?.closest("input, textarea, select") ?? null;
}
