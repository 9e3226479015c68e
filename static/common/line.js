// What is said when a request is not answered by raxdash. The page stays as it is, with all that was typed.
import { hasArrived, NotOurs } from "./answers.js";
import { isDeed, isGoingBack } from "./deeds.js";
import { on } from "./events.js";

// What a page asks for by itself may fail once, and does whenever somebody leaves the page.
const PATIENCE_MS = 1500;

const BACK = "raxdash can be reached again. Nothing is lost: try again.";

// Whether what is said is of what a person did.
let isOfDeed = false;
// Whether what a person did met nobody, which is over as soon as anything arrives.
let wasAlone = false;
let timer = null;

/** Say what became of what a person did, until they do something that arrives. */
export function tell(words, error = null) {
  silence();
  isOfDeed = true;
  wasAlone = error !== null && !(error instanceof NotOurs);
  show(words);
}

/** Say, after a moment, that the line is away, until it is back. */
function tellOfLine(error) {
  if (isOfDeed) return;
  timer ??= setTimeout(
    show,
    PATIENCE_MS,
    `${whatHappened(error)} What you see may be old; it is asked for again.`,
  );
}

function show(words) {
  const notice = document.getElementById("line");
  notice.querySelector("p").textContent = words;
  notice.hidden = false;
}

/** Return what came instead of an answer of raxdash's. */
export function whatHappened(error) {
  if (!navigator.onLine) return "You are offline.";
  if (error instanceof NotOurs) {
    return error.status >= 400
      ? `Something on the way answered instead of raxdash (${error.status}).`
      : "Something on the way answered instead of raxdash; a network or a proxy may ask you to sign in there.";
  }
  return error === "timeout" ? "raxdash has not answered for a minute." : "raxdash cannot be reached.";
}

/** Return what a person who sent a form can do. */
export function whatIsKept() {
  return navigator.onLine
    ? "What you typed is kept: try again."
    : "Nothing was sent. What you typed is kept: try again when the line is back.";
}

function whatNow(ctx) {
  if (isGoingBack(ctx)) return "What you see is not the page of this address: reload it in a moment.";
  return ctx.sourceElement.matches("form, [form]") ? whatIsKept() : "Nothing has changed: try again.";
}

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  // Where the answer was read, something else is wrong.
  if (ctx?.text !== undefined || !ctx || ctx.sourceElement.matches("[data-says-itself]")) return;
  // What is shown stays another page than that of the address when the line is back, too.
  if (isGoingBack(ctx)) tell(`${whatHappened(error)} ${whatNow(ctx)}`);
  else if (isDeed(ctx)) tell(`${whatHappened(error)} ${whatNow(ctx)}`, error);
  else tellOfLine(error);
});

document.addEventListener("htmx:sse:error", ({ detail: { error } }) => tellOfLine(error));

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status < 500 || ctx.hx.retarget || ctx.hx.reswap) return;
  if (isDeed(ctx) || isGoingBack(ctx)) tell(`raxdash has failed (${ctx.response.status}). ${whatNow(ctx)}`);
});

function silence() {
  clearTimeout(timer);
  timer = null;
  isOfDeed = false;
  document.getElementById("line").hidden = true;
}

/** The line is back: what is said of it is over, and who waits to try again is told. */
function seeArrival() {
  if (!isOfDeed) silence();
  else if (wasAlone) tell(BACK);
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (!hasArrived(ctx)) return;
  if (isDeed(ctx)) silence();
  else seeArrival();
});
document.addEventListener("htmx:sse:after:connection", seeArrival);
on("click", "[data-silence]", silence);

// A page may ask for nothing by itself: what was said would stand there for ever.
window.addEventListener("online", async () => {
  const { hidden, dataset } = document.getElementById("line");
  if (hidden) return;
  try {
    await fetch(dataset.ask);
    seeArrival();
  } catch {
    // It is not back yet; what is said stays true.
  }
});
