// What a reader holds of an answer stays in their hands when its end is rendered anew, or the answer is over: the text
// they selected, the focus, how far they scrolled a listing to the side.

const HOLDABLE = "a, button, summary, input, pre";
const SIDEWAYS = "pre, .table-scroll";
const scrolled = new Set();

/** Keep it, from now on. */
export function keepHold() {
  // By its swap: one that takes its time, as for a transition, ends after others that began later.
  const held = new WeakMap();
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    held.set(ctx, { selection: findSelection(), focus: findFocus(), sideways: findSideways() });
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const { selection, focus, sideways } = held.get(ctx) ?? {};
    if (selection) restoreSelection(selection);
    if (focus) restoreFocus(focus);
    if (sideways) restoreSideways(sideways);
    held.delete(ctx);
  });
  document.addEventListener("scroll", noteSideways, { capture: true, passive: true });
}

function answerOf(node) {
  const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
  return element?.closest(".turn .answer");
}

function answerIn(turn) {
  return document.getElementById(turn)?.querySelector(".answer");
}

// Characters from the beginning of the answer say where a selection is, whatever becomes of its elements.
function findSelection() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed) return null;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  const answer = answerOf(anchorNode);
  if (!answer || answer !== answerOf(focusNode)) return null;
  const text = selection.getRangeAt(0).toString();
  const from = charactersBefore(answer, anchorNode, anchorOffset);
  const to = charactersBefore(answer, focusNode, focusOffset);
  return { turn: answer.closest(".turn").id, text, from, to };
}

function charactersBefore(answer, node, offset) {
  const range = document.createRange();
  range.setStart(answer, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

function restoreSelection({ turn, text, from, to }) {
  const selection = document.getSelection();
  if (!selection.isCollapsed && selection.getRangeAt(0).toString() === text) return;
  const answer = answerIn(turn);
  const start = answer ? nearest(answer.textContent, text, Math.min(from, to)) : -1;
  if (start < 0) return;
  const first = pointAt(answer, start, true);
  const last = pointAt(answer, start + text.length, false);
  if (first && last) selection.setBaseAndExtent(...(from < to ? [...first, ...last] : [...last, ...first]));
}

// Marks that became emphasis, or space between elements, may have moved the text a little.
function nearest(whole, text, at) {
  const before = whole.lastIndexOf(text, at);
  const after = whole.indexOf(text, at);
  if (before < 0 || after < 0) return Math.max(before, after);
  return after - at < at - before ? after : before;
}

// The first text of a selection is that which begins there, the last that which ends there.
function pointAt(answer, characters, isStart) {
  const texts = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT);
  let left = characters;
  while (texts.nextNode()) {
    const { length } = texts.currentNode;
    if (isStart ? left < length : left <= length) return [texts.currentNode, left];
    left -= length;
  }
  return null;
}

function findFocus() {
  const element = document.activeElement;
  const turn = element?.closest(".turn");
  if (!turn || element === turn) return null;
  const index = [...(answerOf(element)?.querySelectorAll(HOLDABLE) ?? [])].indexOf(element);
  return { element, turn: turn.id, index };
}

// A button that went away with the end of its answer, such as Stop, leaves the focus to the turn.
function restoreFocus({ element, turn, index }) {
  if (element.isConnected || document.activeElement !== document.body) return;
  const same = index < 0 ? null : answerIn(turn)?.querySelectorAll(HOLDABLE)[index];
  const next = same?.tagName === element.tagName ? same : document.getElementById(turn);
  next?.focus({ preventScroll: true });
}

function noteSideways({ target }) {
  if (target.nodeType === Node.ELEMENT_NODE && target.matches(SIDEWAYS) && answerOf(target))
    scrolled.add(target);
}

function findSideways() {
  const found = [];
  for (const element of scrolled) {
    const answer = answerOf(element);
    if (!(element.isConnected && answer)) scrolled.delete(element);
    else if (element.scrollLeft) {
      const index = [...answer.querySelectorAll(SIDEWAYS)].indexOf(element);
      found.push({ element, turn: answer.closest(".turn").id, index, left: element.scrollLeft });
    }
  }
  return found;
}

function restoreSideways(found) {
  for (const { element, turn, index, left } of found) {
    if (element.isConnected) continue;
    const same = answerIn(turn)?.querySelectorAll(SIDEWAYS)[index];
    if (same) same.scrollLeft = left;
  }
}
