// What every page can do: name the other theme, tell the visitor's time zone.
function nameTheme() {
  const dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
  for (const label of document.querySelectorAll("[data-theme-label]")) {
    label.textContent = dark ? "Light theme" : "Dark theme";
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
