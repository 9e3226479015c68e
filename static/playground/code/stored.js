// The offer of a stored answer goes once something was chosen, or sent otherwise.
import { columnOf } from "../editor/columns.js";
import { lettersFor } from "../editor/sending.js";

const OFFER = ".stored-offer";

// Its own buttons stay until their request has ended.
document.addEventListener("htmx:before:request", ({ detail }) => {
  const button = detail.ctx.sourceElement;
  if (!button.matches("[data-run]") || button.closest(OFFER)) return;
  for (const letter of lettersFor(button)) columnOf(letter).querySelector(OFFER)?.remove();
});

document.addEventListener("htmx:finally:request", ({ detail }) => {
  const button = detail.ctx.sourceElement;
  // After whatever else looks at the button.
  setTimeout(() => button.closest(OFFER)?.remove());
});
