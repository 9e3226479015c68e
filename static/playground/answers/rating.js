// What was said of an answer is kept: the form over it goes, and the focus back to where it was opened.
import { hasArrived } from "../../common/answers.js";

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!(ctx.sourceElement.matches("[data-rating]") && hasArrived(ctx)) || ctx.response.status >= 400) return;
  document.getElementById(ctx.sourceElement.id)?.hidePopover();
});
