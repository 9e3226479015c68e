// The sheet of a page's keys: `?` opens it, and closes it again.
import { isComposing } from "./events.js";

const FIELDS = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";

document.addEventListener("keydown", (event) => {
  if (isComposing(event) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const help = event.key === "?" && !event.target.closest(FIELDS) && document.getElementById("help");
  if (!help) return;
  event.preventDefault();
  help.togglePopover();
});
