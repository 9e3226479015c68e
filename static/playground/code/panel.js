// The panel of the request beside the form: what it shows follows what is typed.
import { isComposing, on } from "../../common/events.js";

const PAUSE_MS = 400;
// A long text takes its time on a slow line, both ways.
const CHARS_PER_MS = 100;

let timer = null;
// The tab that was pressed, until what it shows has come.
let pressed = null;

on("input", "[form=run-form]", refreshSoon);
on("change", "[form=run-form]", refreshSoon);
document.addEventListener("raxdash:answered", refreshSoon);
document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (target.id === "code-panel" && newState === "open") refresh();
  },
  true,
);

on("click", "#code-shown .seg button", (tab) => {
  pressed = tab;
});
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.sourceElement.closest("#code-shown")) pressed = null;
});

// It stays while somebody writes beside it: who is in it closes it.
on("keydown", "#code-panel", (panel, event) => {
  if (event.key !== "Escape" || isComposing(event) || event.defaultPrevented) return;
  panel.hidePopover();
  document.querySelector("[popovertarget=code-panel]").focus();
});

function refreshSoon() {
  if (!isOpen()) return;
  clearTimeout(timer);
  const shown = document.getElementById("code-text")?.textContent.length ?? 0;
  timer = setTimeout(refresh, PAUSE_MS + shown / CHARS_PER_MS);
}

/** Ask for what is shown now, in the way that was chosen last. */
function refresh() {
  clearTimeout(timer);
  if (isOpen()) (pressed ?? document.querySelector(".code-tabs [aria-current]"))?.click();
}

function isOpen() {
  return document.getElementById("code-panel")?.matches(":popover-open") === true;
}
