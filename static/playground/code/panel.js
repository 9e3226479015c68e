// The panel of the request beside the form: what it shows follows what is typed.
import { on } from "../../common/events.js";

const PAUSE_MS = 400;
// A long text takes its time on a slow line, both ways.
const CHARS_PER_MS = 100;

let timer = null;

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

function refreshSoon() {
  if (!isOpen()) return;
  clearTimeout(timer);
  const shown = document.getElementById("code-text")?.textContent.length ?? 0;
  timer = setTimeout(refresh, PAUSE_MS + shown / CHARS_PER_MS);
}

/** Ask for what is shown now, in the way that is chosen. */
function refresh() {
  clearTimeout(timer);
  if (isOpen()) document.querySelector(".code-tabs [aria-current]")?.click();
}

function isOpen() {
  return document.getElementById("code-panel")?.matches(":popover-open") === true;
}
