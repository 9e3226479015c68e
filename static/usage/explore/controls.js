// Keys of the usage page: ← and → step the period, p, c, g, f and s open their menus, b turns bars into their sum and
// back.
const MENUS = {
  p: "period-menu",
  c: "compare-menu",
  g: "groups-menu",
  f: "filter-menu",
  s: "step-menu",
};
const LINKS = { ArrowLeft: '#controls [rel="prev"]', ArrowRight: '#controls [rel="next"]' };
// Where letters are typed; and where arrows alone have a meaning of their own, as in the chart.
const FIELDS = "input, textarea, select, [contenteditable]";
const MOVABLE = "[role='group'][tabindex], [role='region'][tabindex]";

function open(id) {
  const menu = document.getElementById(id);
  if (!menu) return false;
  menu.open = true;
  (menu.querySelector(".menu-pop [aria-current], .menu-pop a, .menu-pop summary") ?? menu).focus();
  return true;
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
  if (LINKS[event.key] && event.target.closest(MOVABLE)) return;
  const acted = MENUS[event.key]
    ? open(MENUS[event.key])
    : follow(event.key === "b" ? "#views a:not([aria-current])" : (LINKS[event.key] ?? ":not(*)"));
  if (acted) event.preventDefault();
});

// A filter that is taken away takes its chip along, and the focus with that: it goes on to the menu of filters.
let isTakenAway = false;

document.addEventListener("click", ({ target }) => {
  isTakenAway = Boolean(target.closest(".chip > a"));
});
document.addEventListener("htmx:after:swap", () => {
  // Parts of the page come by themselves meanwhile.
  if (!isTakenAway || document.activeElement !== document.body) return;
  document.querySelector("#filter-menu > summary")?.focus({ preventScroll: true });
});
document.addEventListener("focusin", () => {
  isTakenAway = false;
});

// The names of a filter are loaded anew for each question.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id !== "filter-menu" || event.target.open) return;
    for (const values of event.target.querySelectorAll("details[open]")) values.open = false;
  },
  true,
);
