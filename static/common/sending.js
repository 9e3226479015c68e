// A form without htmx leaves its page, and where nobody answers the browser puts a page of its own in its place. So
// it is let go only once raxdash has answered something small.
import { on } from "./events.js";
import { keep } from "./keeping.js";
import { tell, whatHappened, whatIsKept } from "./line.js";

const PATIENCE_MS = 15_000;
const asking = new Set();
const free = new Set();

on("submit", "form", async (form, event) => {
  if (event.defaultPrevented || free.delete(form)) return;
  event.preventDefault();
  if (asking.has(form)) return;
  asking.add(form);
  try {
    const line = document.getElementById("line");
    await Promise.all([
      fetch(line.dataset.ask, { signal: AbortSignal.timeout(PATIENCE_MS) }),
      othersDone(form),
    ]);
    free.add(form);
    stand(form);
    form.requestSubmit(event.submitter);
  } catch (error) {
    keep([form]);
    tell(`${whatHappened(error)} ${whatIsKept()}`, error);
  } finally {
    asking.delete(form);
  }
});

/** Wait, but not for ever, for what has to be done before a form goes: who has such, says so. */
function othersDone(form) {
  const others = [];
  const detail = { waitFor: (promise) => others.push(promise) };
  form.dispatchEvent(new CustomEvent("raxdash:going", { bubbles: true, detail }));
  if (others.length === 0) return null;
  const enough = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([Promise.allSettled(others), enough]);
}

/** Let a form go whose part of the page has come anew meanwhile: one that stands nowhere is not sent. */
function stand(form) {
  if (form.isConnected) return;
  form.hidden = true;
  document.body.append(form);
}
