// Menus that fold: `<details class="menu">`, and on a small screen the page's own. Escape, a press elsewhere and a
// focus that goes elsewhere close them; so does what is chosen in them.
import { on } from "./events.js";

const OPEN = "details.menu[open]";
const ENTRIES = ".menu-pop :is(a[href], button, summary, input, select)";
// Where arrows have a meaning of their own.
const VALUES = "textarea, select, input:not([type=checkbox])";
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

// Back to where it was opened, unless the focus went to something that is used.
function close(menu) {
  const focused = document.activeElement;
  const returns = menu.contains(focused) || focused === document.body || focused.matches("[tabindex='-1']");
  menu.open = false;
  if (returns) menu.querySelector("summary").focus({ preventScroll: true });
}

function closeOthers(target) {
  for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(target)) close(menu);
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));
on("click", `${OPEN} .menu-pop :is(a[href], button[type="submit"])`, (chosen) => close(chosen.closest(OPEN)));

// A menu that is there to be typed into is typed into at once: its `toggle` comes too late for the keys that follow.
on("click", "details.menu:not([open]) > summary:has(+ * [data-begin])", (summary, event) => {
  event.preventDefault();
  summary.parentElement.open = true;
  summary.nextElementSibling.querySelector("[data-begin]").select();
});

// ↓ and ↑ go through the entries of the innermost menu that is open, from where the focus is.
function goOn(menu, step) {
  const entries = [...menu.querySelectorAll(ENTRIES)].filter((entry) => entry.checkVisibility());
  const at = entries.indexOf(document.activeElement);
  entries.at(at < 0 && step < 0 ? -1 : (at + step) % entries.length)?.focus();
}

// The page's menu on a small screen.
function fold(isOpen) {
  document.getElementById("menu").classList.toggle("is-open", isOpen);
  toggle().setAttribute("aria-expanded", String(isOpen));
}

function toggle() {
  return document.querySelector("[data-toggle-menu]");
}

function isUnfolded() {
  return toggle()?.getAttribute("aria-expanded") === "true";
}

on("click", "[data-toggle-menu]", () => fold(!isUnfolded()));
document.addEventListener("click", (event) => {
  if (isUnfolded() && !event.target.closest(".side")) fold(false);
});

document.addEventListener("keydown", (event) => {
  const menu = STEPS[event.key] && event.target.closest(OPEN);
  if (!menu || event.defaultPrevented || event.target.matches(VALUES)) return;
  event.preventDefault();
  goOn(menu, STEPS[event.key]);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const [innermost] = [...document.querySelectorAll(OPEN)].reverse();
  if (innermost) {
    close(innermost);
  } else if (isUnfolded()) {
    fold(false);
    toggle().focus();
  }
});
