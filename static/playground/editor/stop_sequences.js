// What is sent of the stop sequences: each line is the inside of a JSON string.
import { on } from "../../common/events.js";

const FIELDS = "textarea[name$=stop][form=run-form]";
const MARKS = { "\n": "⏎", "\r": "␍", "\t": "⇥", " ": "␣" };

const previewed = new WeakSet();

on("input", FIELDS, preview);
// The back button brings another form.
document.addEventListener("htmx:after:swap", previewAll);
previewAll();

function previewAll() {
  for (const field of document.querySelectorAll(FIELDS)) {
    if (previewed.has(field)) continue;
    previewed.add(field);
    preview(field);
  }
}

/** List what is sent of the lines of a field, with marks for what nobody sees. */
function preview(field) {
  const list = field.closest(".params").querySelector("[data-stop-preview]");
  const lines = field.value.split("\n").filter((line) => line.trim());
  list.hidden = lines.length === 0;
  list.replaceChildren(...lines.map(itemOf));
}

function itemOf(line) {
  const item = document.createElement("li");
  const sequence = read(line);
  item.className = sequence === null ? "stop-wrong" : "stop-sent";
  item.dir = "auto";
  item.textContent = sequence === null ? `${line} – not readable` : withMarks(sequence);
  return item;
}

/** Return the sequence that a line spells, or null. */
function read(line) {
  try {
    return JSON.parse(`"${line.replaceAll("\t", "\\t")}"`);
  } catch {
    return null;
  }
}

function withMarks(sequence) {
  return [...sequence].map((character) => MARKS[character] ?? character).join("");
}
