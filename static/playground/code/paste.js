// A request that is pasted: the server reads it, and what it would fill into the form is offered.
import { on } from "../../common/events.js";
import { fieldIn } from "../editor/columns.js";
import { hasSecret, isRequest } from "./pasted.js";

on("paste", "#playground", (_place, event) => offer(event));

/**
 * Show what a pasted request would fill in. What was pasted stays where it was put, but for a request with a key: as
 * part of a message that would be in the draft and its earlier states half a second later.
 */
function offer(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const field = document.getElementById("pasted");
  if (!field || event.target === field || !isRequest(text)) return;
  if (hasSecret(text)) event.preventDefault();
  document.getElementById("code-panel").showPopover();
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
  const { letter } = document.getElementById("code-shown").dataset;
  const offered = button.closest(".code-offer");
  for (const { dataset, content } of offered.querySelectorAll("template[data-fill]")) {
    put(fieldIn(form, letter, dataset.fill), content.textContent);
  }
  offered.replaceChildren("The form is filled. Nothing was sent.");
});

/** Put a value into a field as if it had been typed. */
function put(field, value) {
  if (!field || field instanceof RadioNodeList) return;
  if (field.type === "checkbox") field.checked = value !== "";
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
