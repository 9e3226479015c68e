// After an answer with errors the first field to correct has the focus.
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("[aria-invalid='true']")?.focus();
});

// A link that is shown once can be copied by one press, where the browser allows it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    // The text is selected: the keyboard copies it.
  }
});
