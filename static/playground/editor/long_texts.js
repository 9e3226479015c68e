// Texts of many lines: with `dir="auto"` Chromium looks at all of a field again for each line that comes into it, and
// stands still for minutes at 200,000 lines. The style sheet gives each paragraph its direction, and costs nothing.
document.addEventListener("htmx:after:swap", leaveDirectionToStyles);
leaveDirectionToStyles();

function leaveDirectionToStyles() {
  for (const field of document.querySelectorAll("textarea[form=run-form][dir]")) field.removeAttribute("dir");
}
