// What is sent of the stop sequences: each line is the inside of a JSON string.
import { on } from "../../common/events.js";

const MARKS = { "\n": "⏎", "\r": "␍", "\t": "⇥", " ": "␣" };

let previewed = null;

on("input", "[name=stop]", preview);
// The back button brings another form.
document.addEventListener("htmx:after:swap", previewAll);
previewAll();

function previewAll() {
  const field = document.querySelector("#run-form [name=stop]");
  if (field === previewed) return;
  previewed = field;
  if (field) preview(field);
}

/** List what is sent of the lines of a field, with marks for what nobody sees. */
function preview(field) {
  const list = document.getElementById("stop-preview");
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
