// What every page can do: name the other theme, tell the visitor's time zone.
function nameTheme() {
  const isDark = document.documentElement.getAttribute("data-bs-theme") === "dark";
  const words = isDark ? "Light theme" : "Dark theme";
  for (const label of document.querySelectorAll("[data-theme-label]")) {
    // Words that are put in anew let the whole page be styled anew: with each piece of an answer.
    if (label.textContent !== words) label.textContent = words;
  }
}
document.addEventListener("raxdash:theme", nameTheme);
// The back button brings a body in which the label is as the server wrote it.
document.addEventListener("htmx:after:swap", nameTheme);
nameTheme();

// Forms that ask for it learn the visitor's time zone.
for (const field of document.querySelectorAll("[data-own-time-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
