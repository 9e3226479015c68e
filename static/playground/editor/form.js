// The form: run by Ctrl or Cmd with Enter, fold the settings on a small screen, go to the first wrong field.
import { on } from "../../common/events.js";
import { showModel } from "./models.js";

on("keydown", "#run-form", (form, event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const button = form.querySelector("button[type=submit]");
  if (!button || button.disabled) return;
  event.preventDefault();
  if (event.target.matches("[list]")) showModel(event.target);
  form.requestSubmit(button);
});

on("click", "[data-toggle-settings]", (toggle) => {
  const settings = document.getElementById("settings");
  const open = settings.classList.toggle("is-open");
  toggle.setAttribute("aria-expanded", String(open));
  if (open) settings.scrollIntoView({ block: "start" });
});

// Errors in folded settings unfold them; the first wrong field is gone to, once.
document.addEventListener("htmx:after:swap", () => {
  const settings = document.getElementById("settings");
  if (settings?.querySelector(".field-error")) settings.classList.add("is-open");
  const wrong = document.querySelector("#run-form [aria-invalid=true]:not([data-told])");
  if (!wrong) return;
  wrong.dataset.told = "";
  wrong.focus();
});
