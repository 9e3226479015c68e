// A request that is pasted: the server reads it, and what it would fill into the form is offered.
import { on } from "../../common/events.js";

const CURL = /^\s*(?:[$%>]\s+)?(?:\w+=\S*\s+)*(?:\S*\/)?curl\s/u;
// A body names its messages, or its model, near its beginning.
const BODY = /^\s*\{[\s\S]{0,2000}?"(?:messages|model)"\s*:/u;

on("paste", "#run-form, #code-panel, .col", (_place, event) => offer(event));

/** Show what a pasted request would fill in. What was pasted stays where it was put. */
function offer(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const field = document.getElementById("pasted");
  if (!field || event.target === field || !(CURL.test(text) || BODY.test(text))) return;
  field.value = text;
  field.form.requestSubmit();
}

on("input", "#pasted", (field) => {
  if (field.value.trim()) field.form.requestSubmit();
});

on("click", "[data-fill-form]", (button, event) => {
  const form = document.getElementById("run-form");
  if (!form) return;
  event.preventDefault();
  const prefix = button.form.elements.into?.value ?? "";
  for (const { dataset, content } of button.closest(".code-offer").querySelectorAll("template[data-fill]")) {
    put(form.elements.namedItem(`${prefix}${dataset.fill}`), content.textContent);
  }
  button.closest(".code-offer").replaceChildren("The form is filled. Nothing was sent.");
});

/** Put a value into a field as if it had been typed. */
function put(field, value) {
  if (!field || field instanceof RadioNodeList) return;
  if (field.type === "checkbox") field.checked = value !== "";
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
