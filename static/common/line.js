// What is said when a request is not answered by raxdash. The page stays as it is, with all that was typed.
import { hasArrived, NotOurs } from "./answers.js";
import { on } from "./events.js";

let isOfDeed = false;

/** Say something about the line, until it is back; of what a person did, until they do something that arrives. */
export function tell(words, ofDeed) {
  const notice = document.getElementById("line");
  if (isOfDeed && !ofDeed && !notice.hidden) return;
  isOfDeed = ofDeed;
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

// htmx makes its own events for what a page does by itself; a person's come from the browser.
function isDeed({ sourceEvent }) {
  return sourceEvent instanceof Event && !(sourceEvent instanceof CustomEvent);
}

function whatNow(ctx) {
  if (ctx.request.headers["HX-History-Restore-Request"]) {
    return "What you see is not the page of this address: reload when the line is back.";
  }
  if (!isDeed(ctx)) return "What you see may be old; it is asked for again.";
  return ctx.sourceElement.matches("form") ? whatIsKept() : "Nothing has changed: try again.";
}

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  // Where the answer was read, something else is wrong.
  if (ctx?.text !== undefined || !ctx || ctx.sourceElement.matches("[data-says-itself]")) return;
  tell(`${whatHappened(error)} ${whatNow(ctx)}`, isDeed(ctx));
});

document.addEventListener("htmx:sse:error", ({ detail: { error } }) => {
  tell(`${whatHappened(error)} What you see may be old; it is asked for again.`, false);
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.swap !== "none" || ctx.hx.reswap || !isDeed(ctx)) return;
  tell(`raxdash could not do that (${ctx.response.status}). ${whatNow(ctx)}`, true);
});

function silence() {
  document.getElementById("line").hidden = true;
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (hasArrived(ctx) && (isDeed(ctx) || !isOfDeed)) silence();
});
document.addEventListener("htmx:sse:after:connection", () => isOfDeed || silence());
on("click", "[data-silence]", silence);
