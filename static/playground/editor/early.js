// What was typed before the scripts were there is heard once they are: saved, counted, shown in linked columns.
//
// A page that is loaded anew or gone back to holds what it held when it was left, and that was heard then.
import { isTyped, put, read, servedOptions } from "../../common/keeping.js";

const FIELDS = "[form=run-form]";
const typed = new Map();

if (isOpened()) {
  for (const field of document.querySelectorAll(FIELDS)) if (isTyped(field)) typed.set(field, read(field));
  // All scripts have run, and listen.
  if (typed.size > 0) document.addEventListener("DOMContentLoaded", () => typed.forEach(hear));
}

function isOpened() {
  return performance.getEntriesByType("navigation")[0]?.type === "navigate";
}

function hear(value, field) {
  if (!field.isConnected) return;
  // A script may have shown what the page came with.
  if (!isTyped(field)) put(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Return what the page came with of the fields that were typed into so early, by name. */
export function servedEarlier() {
  return Object.fromEntries([...typed.keys()].filter(({ name }) => name).map(served));
}

function served(field) {
  const { name, type, value, defaultValue, defaultChecked } = field;
  if (type === "checkbox") return [name, defaultChecked ? value : undefined];
  if (field.matches("select")) return [name, servedOptions(field)[0]?.value];
  return [name, defaultValue.replaceAll("\r\n", "\n")];
}
