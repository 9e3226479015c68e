// The line that says what is sent beside the words, as its fields are typed into.
import { on } from "../../common/events.js";

on("input", ".params [form=run-form]", tell);
on("change", ".params [form=run-form]", tell);

function tell(field) {
  const words = field.closest(".params").querySelector(`[data-parameter="${CSS.escape(field.name)}"]`);
  if (!words) return;
  const value = field.value.trim();
  words.classList.toggle("is-unset", value === "");
  words.querySelector("b").textContent = value || "not sent";
}
