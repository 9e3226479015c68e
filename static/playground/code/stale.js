// An answer is older than what is set beside it: said so, and greyed, as long as that is so, with a button that asks again.
import { on } from "../../common/events.js";

const PAUSE_MS = 600;
// What is typed as the next message, or which key pays, changes nothing of an answer.
const OF_NO_CONCERN = /(?:^|-)(?:message|messages_before|edited\w*|key|stream|links)$|^$/u;
const MARK = "[data-stale-words]";

let timer = null;
// What is being asked for, and whether the page says of anything that it is stale.
let asked = null;
let isAnyStale = false;

on("input", "[form=run-form]", changed);
on("change", "[form=run-form]", changed);
// What was run again is stale no more. Nothing is, before somebody has set anything: unless a draft has that.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.matches?.("[data-follows]") || !(isAnyStale || asked)) return;
  if (!document.querySelector(MARK)) showAll(false);
  askSoon();
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  // The button was disabled meanwhile, which takes the focus from it, and may have gone since.
  if (ctx.sourceElement.matches("[data-run-stale]")) setTimeout(focusAfter, 0, ctx.sourceElement);
});
if (document.getElementById("run-form")?.elements.draft_id?.value) askSoon();

function changed(field) {
  if (!OF_NO_CONCERN.test(field.name)) askSoon();
}

function askSoon() {
  // What is known by then is of what was set before.
  asked?.abort();
  if (!document.querySelector(".turn")) return;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
}

async function ask() {
  const form = document.getElementById("run-form");
  if (!form?.dataset.stale) return;
  const body = new FormData(form);
  for (const name of [...body.keys()]) if (name.endsWith("message")) body.delete(name);
  const mine = new AbortController();
  const { signal } = mine;
  asked = mine;
  try {
    const answer = await fetch(form.dataset.stale, { method: "POST", body, redirect: "manual", signal });
    if (answer.ok) show((await answer.json()).stale);
  } catch {
    // What is not known is not said.
  } finally {
    if (asked === mine) asked = null;
  }
}

function show(letters) {
  for (const column of document.querySelectorAll("[data-column]")) {
    const turn = [...column.querySelectorAll(".turn")].at(-1);
    const { column: letter } = column.dataset;
    if (turn) mark(turn, letters.includes(letter), letter);
  }
  showAll(letters.length > 0);
}

function showAll(isAny) {
  isAnyStale = isAny;
  for (const all of document.querySelectorAll("[data-any-stale]")) all.hidden = !isAny;
}

/** Leave the focus to the button that stops what was asked again, or to the one that was pressed where nothing was. */
function focusAfter(button) {
  if (document.activeElement !== document.body) return;
  const column = document.querySelector(`[data-column="${button.value}"] [data-run]`);
  const next = button.checkVisibility() ? button : (column ?? document.querySelector("#dock [data-run]"));
  next?.focus({ preventScroll: true });
}

function mark(turn, isStale, letter) {
  turn.classList.toggle("is-stale", isStale);
  const words = turn.querySelector(MARK);
  if (!isStale) words?.remove();
  if (!isStale || words) return;
  const fresh = document.getElementById("stale-words").content.firstElementChild.cloneNode(true);
  fresh.querySelector("button").value = letter;
  turn.querySelector(".turn-answer").append(fresh);
  window.htmx.process(fresh);
}
