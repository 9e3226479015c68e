// An answer is older than what is set beside it: said so, and greyed, as long as that is so.
import { on } from "../../common/events.js";

const PAUSE_MS = 600;
// What is typed as the next message, or which key pays, changes nothing of an answer.
const OF_NO_CONCERN = /(?:^|-)(?:message|messages_before|edited\w*|key|stream|links)$|^$/u;
const WORDS = "Stale: the prompt has changed since";

let timer = null;

on("input", "[form=run-form]", changed);
on("change", "[form=run-form]", changed);

function changed(field) {
  if (OF_NO_CONCERN.test(field.name) || !document.querySelector(".turn")) return;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
}

async function ask() {
  const form = document.getElementById("run-form");
  if (!form?.dataset.stale) return;
  const body = new FormData(form);
  for (const name of [...body.keys()]) if (name.endsWith("message")) body.delete(name);
  try {
    const answer = await fetch(form.dataset.stale, { method: "POST", body, redirect: "manual" });
    if (answer.ok) show((await answer.json()).stale);
  } catch {
    // What is not known is not said.
  }
}

function show(letters) {
  for (const column of document.querySelectorAll("[data-column]")) {
    const turn = [...column.querySelectorAll(".turn")].at(-1);
    if (turn) mark(turn, letters.includes(column.dataset.column));
  }
}

function mark(turn, isStale) {
  turn.classList.toggle("is-stale", isStale);
  turn.querySelector("[data-stale-words]")?.remove();
  if (!isStale) return;
  const words = document.createElement("p");
  words.className = "t2 stale-words";
  words.dataset.staleWords = "";
  words.textContent = WORDS;
  turn.querySelector(".turn-answer").append(words);
}
