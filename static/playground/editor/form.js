// The form: run by Ctrl or Cmd with Enter, fold the settings on a small screen, show all models on focus.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("#run-form");
  const button = form?.querySelector("button[type=submit]");
  if (!button || button.disabled) return;
  event.preventDefault();
  if (event.target.matches("[list]")) showModel(event.target);
  form.requestSubmit(button);
});

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-toggle-settings]");
  if (!toggle) return;
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

// A browser offers only those entries of a list that match what the field holds: while choosing, it holds nothing.
function showModel(field) {
  if (!field.value && field.dataset.chosen) field.value = field.dataset.chosen;
  field.placeholder = field.dataset.placeholder ?? field.placeholder;
}
document.addEventListener("pointerdown", (event) => {
  const field = event.target.closest("input[list]");
  if (!field || !field.value || !document.getElementById(field.getAttribute("list"))?.options.length) return;
  field.dataset.placeholder ??= field.placeholder;
  field.dataset.chosen = field.value;
  field.placeholder = field.value;
  field.value = "";
});
document.addEventListener("focusout", (event) => { if (event.target.matches("input[list]")) showModel(event.target); });
