// What became of a turn is asked for until it is known, and Stop is pressed until it has arrived: a server that
// restarts, or a line that is away, leaves no turn at "Writing …".

import { leaveOff, tryLater } from "../../common/again.js";
import { hasArrived } from "../../common/answers.js";

const LATER = "Stop could not be sent. It is tried again when raxdash can be reached.";

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const element = ctx.sourceElement;
  const place = element.closest("article.turn, #streams");
  if (element.matches("[data-stop]")) seeStop(element, hasArrived(ctx));
  else if (place && !element.matches("form")) seePlace(place, hasArrived(ctx));
});

// A turn was asked for, or the page's stream, or what goes on of it.
function seePlace({ id }, arrived) {
  if (arrived) leaveOff(id);
  else tryLater(id, () => document.getElementById(id)?.dispatchEvent(new CustomEvent("closed")));
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
