// Variables are marked in the text: behind a field stands its text once more, unseen, with a ground under each of them.
//
// The backdrop is made of the text's lines. With each key those are laid out again that changed; of a text without
// variables, and of one that is very long, there is none.
import { isVariable, marked } from "./scanning.js";
import { textFields, whenTyped } from "./typing.js";

const MOST_CHARS = 100_000;
const MOST_LINES = 2000;
// What makes lines as they are.
const ALIKE = ["font", "letterSpacing", "wordSpacing", "tabSize", "padding"];
const backdrops = new WeakMap();
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) place(target);
});

whenTyped((letter) => {
  for (const field of textFields(letter)) draw(field);
});
// Scrolling bubbles nowhere.
document.addEventListener("scroll", ({ target }) => backdrops.has(target) && follow(target), {
  capture: true,
});

function draw(field) {
  const text = field.value;
  const variables = text.length <= MOST_CHARS ? [...marked(text)].filter(isVariable) : [];
  const lines = variables.length > 0 ? linesOf(text, variables) : [];
  if (lines.length === 0 || lines.length > MOST_LINES) {
    remove(field);
    return;
  }
  const backdrop = backdrops.get(field) ?? make(field);
  renew(backdrop, lines);
  place(field);
}

/** Return the lines of a text, each as its pieces; every other piece is a variable. */
function linesOf(text, variables) {
  const lines = [];
  let start = 0;
  let at = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    const pieces = [];
    let done = start;
    for (; at < variables.length && variables[at].start < end; at += 1) {
      pieces.push(text.slice(done, variables[at].start), text.slice(variables[at].start, variables[at].end));
      done = variables[at].end;
    }
    lines.push([...pieces, text.slice(done, end)]);
    start = end + 1;
  }
  return lines;
}

/** Put lines into a backdrop; those that are the same at its beginning and end stay. */
function renew(backdrop, lines) {
  const keys = lines.map((pieces) => pieces.join("\0"));
  const before = backdrop.keys;
  const most = Math.min(keys.length, before.length);
  let first = 0;
  while (first < most && keys[first] === before[first]) first += 1;
  let last = 0;
  while (last < most - first && keys.at(-1 - last) === before.at(-1 - last)) last += 1;
  const { element } = backdrop;
  const gone = [...element.children].slice(first, before.length - last);
  const fresh = lines.slice(first, lines.length - last).map(lineElement);
  const next = element.children[before.length - last] ?? null;
  for (const line of gone) line.remove();
  for (const line of fresh) element.insertBefore(line, next);
  backdrop.keys = keys;
}

function lineElement(pieces) {
  const line = document.createElement("div");
  for (const [number, piece] of pieces.entries()) {
    const isMarked = number % 2 === 1;
    const element = isMarked ? document.createElement("mark") : document.createTextNode(piece);
    if (isMarked) element.textContent = piece;
    line.append(element);
  }
  return line;
}

function make(field) {
  const element = document.createElement("div");
  element.className = "backdrop";
  element.setAttribute("aria-hidden", "true");
  field.before(element);
  field.classList.add("has-backdrop");
  sizes.observe(field);
  const backdrop = { element, keys: [], styles: {} };
  backdrops.set(field, backdrop);
  return backdrop;
}

function remove(field) {
  backdrops.get(field)?.element.remove();
  backdrops.delete(field);
  sizes.unobserve(field);
  field.classList.remove("has-backdrop");
}

/** Lay a backdrop behind its field: as wide as what is written in that, without a scroll bar. */
function place(field) {
  const backdrop = backdrops.get(field);
  if (!backdrop) return;
  const own = getComputedStyle(field);
  const styles = Object.fromEntries(ALIKE.map((name) => [name, own[name]]));
  styles.left = `${field.offsetLeft + field.clientLeft}px`;
  styles.top = `${field.offsetTop + field.clientTop}px`;
  styles.width = `${field.clientWidth}px`;
  styles.height = `${field.clientHeight}px`;
  // What is set is laid out again, even where it is as it was.
  const changed = Object.entries(styles).filter(([name, value]) => backdrop.styles[name] !== value);
  for (const [name, value] of changed) backdrop.element.style[name] = value;
  backdrop.styles = styles;
  follow(field);
}

function follow(field) {
  const { element } = backdrops.get(field);
  if (element.scrollTop !== field.scrollTop) element.scrollTop = field.scrollTop;
}
