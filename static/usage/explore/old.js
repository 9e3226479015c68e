// A page that asks for its numbers in vain dims those that it has, and says so, until they come again.
import { hasArrived } from "../../common/answers.js";

function isRefresh({ sourceElement }) {
  return Boolean(sourceElement?.matches("[id^='refresh-']"));
}

function tellOld(isOld) {
  const note = document.getElementById("unrefreshed");
  if (!note) return;
  note.hidden = !isOld;
  note.classList.toggle("note-warn", isOld);
  document.getElementById("report").classList.toggle("is-unrefreshed", isOld);
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (isRefresh(ctx)) tellOld(!hasArrived(ctx));
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && isRefresh(ctx)) tellOld(true);
});
