// The settings of the form, which fold away on a small screen.
import { on } from "../../common/events.js";

on("click", "[data-toggle-settings]", (toggle) => {
  show(toggle.getAttribute("aria-expanded") !== "true");
});

/** Unfold the settings where an element stands in them. */
export function unfoldFor(element) {
  if (element.closest("#settings")) show(true);
}

/** Fold them away with the first turn, unless somebody is in them. */
export function foldForTurns() {
  const settings = document.getElementById("settings");
  if (settings && !settings.contains(document.activeElement)) show(false);
}

function show(open) {
  document.getElementById("settings")?.classList.toggle("is-open", open);
  document.querySelector("[data-toggle-settings]")?.setAttribute("aria-expanded", String(open));
}
