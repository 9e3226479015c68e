// What was said of an answer is kept: the form over it goes, and the focus back to where it was opened. It stays where that
// did not arrive, and under whoever typed on meanwhile.
import { hasArrived } from "../../common/answers.js";

const SAID = ["verdict", "note"];

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement.matches("[data-rating]") && document.getElementById(ctx.sourceElement.id);
  if (!form) return;
  const isKept = hasArrived(ctx) && ctx.response.status < 400;
  if (isKept && isAsSent(form, ctx.request.body)) form.hidePopover();
  else setTimeout(focusAgain, 0, form.querySelector("[type=submit]"));
});

// The button that was pressed could not be, for a moment, and lost the focus; now it can again.
function focusAgain(button) {
  if (document.activeElement === document.body) button.focus();
}

function isAsSent(form, sent) {
  const now = new FormData(form);
  return SAID.every((name) => now.get(name) === sent.get(name));
}
