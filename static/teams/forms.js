// After an answer with errors the first field to correct has the focus.
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("[aria-invalid='true']")?.focus();
});
