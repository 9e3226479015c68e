// The line that says what is sent beside the words, as its fields are typed into.
import { on } from "../../common/events.js";
import { plainName } from "./columns.js";

// What it says of those that have no number.
const SAID = {
  stop: ({ value }) => String(value.split("\n").filter((line) => line.trim()).length || ""),
  extra: ({ value }) => (value.trim() ? "set" : ""),
  stream: ({ checked }) => (checked ? "" : "off"),
};

on("input", ".params [form=run-form]", tell);
on("change", ".params [form=run-form]", tell);

function tell(field) {
  const words = field.closest(".params").querySelector(`[data-parameter="${CSS.escape(field.name)}"]`);
  if (!words) return;
  const said = SAID[plainName(field.name)]?.(field) ?? field.value.trim();
  words.classList.toggle("is-unset", said === "");
  words.querySelector("b").textContent = said || "not sent";
}
