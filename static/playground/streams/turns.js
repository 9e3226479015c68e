// What became of a turn is asked for until it is known, and Stop is pressed until it has arrived: a server that
// restarts, or a line that is away, leaves no turn at "Writing …".

import { leaveOff, tryLater } from "../../common/again.js";
import { hasArrived } from "../../common/answers.js";

const LATER = "Stop could not be sent. It is tried again when raxdash can be reached.";

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const element = ctx.sourceElement;
  const turn = element.closest("article.turn");
  if (element.matches("[data-stop]")) seeStop(element, hasArrived(ctx));
  else if (turn && !element.matches("form")) seeTurn(turn, hasArrived(ctx));
});

// The turn itself was asked for, or the stream in it.
function seeTurn(turn, arrived) {
  if (arrived) leaveOff(turn.id);
  else tryLater(turn.id, () => turn.dispatchEvent(new CustomEvent("closed")));
}

function seeStop(form, arrived) {
  const address = form.getAttribute("action");
  form.querySelector("[data-stop-later]").textContent = arrived ? "" : LATER;
  if (arrived) leaveOff(address);
  else tryLater(address, () => pressStop(address));
}

// By its address: the turn may have been shown anew. Where it has ended there is nothing to stop.
function pressStop(address) {
  const form = document.querySelector(`[data-stop][action="${CSS.escape(address)}"]`);
  if (form) form.requestSubmit();
  else leaveOff(address);
}
