// Menus that fold: `<details class="menu">`, and on a small screen the page's own. Escape, a press elsewhere and a
// focus that goes elsewhere close them; so does what is chosen in them.
import { on } from "./events.js";

const OPEN = "details.menu[open]";

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
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const [innermost] = [...document.querySelectorAll(OPEN)].reverse();
  if (innermost) {
    close(innermost);
  } else if (isUnfolded()) {
    fold(false);
    toggle().focus();
  }
});
