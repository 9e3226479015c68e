// An answer is shown in another way. While it is written its page follows it in that way from now on.

const late = new WeakSet();

// What is told of an answer that is being written comes too late once that has ended: nothing would follow it.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  const turn = turnShownBy(ctx.sourceElement);
  if (!turn || turn.matches("[data-live]")) return;
  if (!tasks.some(({ fragment }) => fragment?.querySelector?.(".answer[aria-busy=true]"))) return;
  event.preventDefault();
  late.add(ctx);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const turn = turnShownBy(ctx.sourceElement);
  if (turn?.matches("[data-live]"))
    document.getElementById("streams")?.dispatchEvent(new CustomEvent("closed"));
  else if (turn && late.delete(ctx)) askAgain(turn, ctx.sourceElement.getAttribute("href"));
});

function turnShownBy(link) {
  return link?.matches?.("[data-answer-view]") ? document.getElementById(link.dataset.answerView) : null;
}

// By its address: the link may have come anew with its turn.
function askAgain(turn, address) {
  turn.querySelector(`[data-answer-view][href="${CSS.escape(address)}"]`)?.click();
}
