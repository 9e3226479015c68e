// One button, two faces: Run becomes Stop in its place while there is something to stop, and Run again after it.
// Escape stops too, wherever the reader is.
import { isComposing } from "../../common/events.js";

// What Escape closes first.
const OPEN = "details.menu[open], dialog:popover-open, dialog[open], .side-body.is-open";

document.addEventListener("htmx:after:swap", showFaces);
showFaces();

// Before htmx, which would run.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-run].is-stop");
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const form of stopsIn(areaOf(button))) form.requestSubmit();
  },
  { capture: true },
);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    const page = document.getElementById("playground");
    if (!page || document.querySelector(OPEN)) return;
    for (const form of stopsIn(page)) form.requestSubmit();
  },
  { capture: true },
);

function showFaces() {
  for (const button of document.querySelectorAll("[data-run]")) {
    const isStop = stopsIn(areaOf(button)).length > 0;
    if (button.classList.contains("is-stop") !== isStop) turn(button, isStop);
  }
}

function turn(button, isStop) {
  const label = button.querySelector("[data-face]");
  button.classList.toggle("is-stop", isStop);
  button.classList.toggle("btn-stop", isStop);
  if (button.matches(".btn-primary, .was-primary")) {
    button.classList.toggle("btn-primary", !isStop);
    button.classList.toggle("was-primary", isStop);
  }
  label.textContent = label.textContent.replace(isStop ? "Run" : "Stop", isStop ? "Stop" : "Run");
}

/** Return where the runs are that a button stops. */
function areaOf(button) {
  return button.closest(".col") ?? document.getElementById("columns");
}

function stopsIn(area) {
  return area.querySelectorAll(".turn [data-stop]");
}
