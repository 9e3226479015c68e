// A page has one stream. Where another takes its place, as a run of one column begins while another's is written, it
// goes on where that was: of what the page has of those runs nothing is sent again.

const STREAM = "[data-follows]";
// How far each run was sent, by its id.
const positions = new Map();
// Runs whose answer is shown in another way since: what a stream has told of the former one is no part of that.
const changed = new Set();

document.addEventListener("htmx:sse:before:message", ({ target, detail: { message } }) => {
  if (!(message.id && target.matches(STREAM))) return;
  const numbers = message.id.split(".");
  for (const [place, run] of runsOf(target).entries()) positions.set(run, numbers[place]);
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const { answerView } = ctx.sourceElement?.dataset ?? {};
  if (answerView) changed.add(answerView.slice("run-".length));
});

document.addEventListener("htmx:config:request", ({ target, detail: { ctx } }) => {
  if (!target.matches?.(STREAM)) return;
  const numbers = runsOf(target).map(
    (run) => (!changed.delete(run) && isShown(run) && positions.get(run)) || "0",
  );
  if (numbers.some(Number)) ctx.request.headers["Last-Event-ID"] = numbers.join(".");
  const plain = runsOf(target).map((run) => (isPlain(run) ? "1" : "0"));
  if (plain.includes("1")) ctx.request.headers["X-Plain"] = plain.join(".");
});

/** Return the runs of a stream in the order of its event ids. */
function runsOf(stream) {
  return stream.dataset.follows.split(" ");
}

/** Tell whether a run's turn stands as it was sent: one that was fetched anew holds what was saved of it. */
function isShown(run) {
  return document.getElementById(`tail-${run}`)?.hasChildNodes();
}

/** Tell whether a run's turn shows its answer as it was written. */
function isPlain(run) {
  return Boolean(document.getElementById(`tail-${run}`)?.closest(".answer-plain"));
}
