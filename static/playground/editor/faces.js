// One button, two faces: Run becomes Stop in its place while there is something to stop, and Run again after it.
// Escape stops too, wherever the reader is.
import { hasArrived } from "../../common/answers.js";
import { isComposing } from "../../common/events.js";

// What Escape closes first.
const OPEN =
  "details.menu[open], [popover]:not([popover=manual]):popover-open, #code-panel:focus-within, dialog[open], .side-body.is-open";

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
    stopIn(areaOf(button));
  },
  { capture: true },
);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    const page = document.getElementById("playground");
    if (!page || document.querySelector(OPEN)) return;
    stopIn(page);
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

function stopIn(area) {
  const forms = [...stopsIn(area)];
  const all = document.getElementById("stop-all");
  if (forms.length > 1 && all) stopAll(all, forms);
  else for (const form of forms) form.requestSubmit();
}

/** Stop several with one request; where that is lost, each is stopped by itself, and tried until it is. */
function stopAll(all, forms) {
  const fields = forms.map((form) =>
    Object.assign(document.createElement("input"), { type: "hidden", name: "run", value: form.dataset.stop }),
  );
  all.querySelector("[data-stopped]").replaceChildren(...fields);
  all.requestSubmit();
}

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.id !== "stop-all" || hasArrived(ctx)) return;
  for (const form of stopsIn(document)) form.requestSubmit();
});

function stopsIn(area) {
  return area.querySelectorAll(".turn [data-stop]");
}
