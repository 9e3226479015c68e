// Columns as tabs on a small screen: which one is seen, its model, and how its last answer fares.
import { on } from "../../common/events.js";
import { columnOf, letterOf, plainName } from "./columns.js";

// What a tab says of the end that a turn's badge names, and its dot.
const STATES = [
  [".turn[data-live]", "dot-live", "being written"],
  [".turn-foot .ending-whole", "dot-good", "completed"],
  [".turn-foot .state-failed", "dot-bad", "failed"],
  [".turn-foot .tag", "dot-warn", "ended"],
];
const tabs = document.querySelectorAll("[data-tab]");

on("input", "[form=run-form]", (field) => {
  if (plainName(field.name) === "model") showModel(letterOf(field.name), field.value);
});
document.addEventListener("htmx:after:swap", showStates);
showStates();
watch();

function showModel(letter, model) {
  const place = document.querySelector(`[data-tab="${letter}"] [data-tab-model]`);
  if (place) place.textContent = model;
}

function showStates() {
  for (const tab of tabs) {
    const turn = columnOf(tab.dataset.tab)?.querySelector(".turn:last-of-type");
    const [, dot = "", words = ""] =
      STATES.find(([selector]) => turn?.matches(selector) || turn?.querySelector(selector)) ?? [];
    const place = tab.querySelector("[data-tab-state]");
    if (place.dataset.words === words) continue;
    place.dataset.words = words;
    place.className = dot ? `push dot ${dot}` : "push";
    place.innerHTML = words && `<span class="visually-hidden">${words}</span>`;
  }
}

/** Mark the tab of the column that is seen. */
function watch() {
  const root = document.getElementById("columns");
  if (!root || tabs.length === 0) return;
  const seen = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      const first = [...root.children].find((column) => seen.has(column));
      if (first) mark(first.dataset.column);
    },
    { root, threshold: 0.6 },
  );
  for (const column of root.children) observer.observe(column);
}

function mark(letter) {
  for (const tab of tabs) {
    if (tab.dataset.tab === letter) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}
