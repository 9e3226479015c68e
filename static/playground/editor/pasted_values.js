// A JSON object that is pasted into the empty field of a value, and names variables, has their values.
import { on } from "../../common/events.js";
import { fieldIn } from "./columns.js";
import { membersOf, showMembers } from "./values.js";
import { namesOf, wordsFor } from "./variables.js";

on("paste", "[data-variable]", (field, event) => {
  const pasted = membersOf(event.clipboardData?.getData("text/plain") ?? "");
  const block = field.closest("[data-variables]");
  const names = namesOf(block.dataset.variables);
  const known = names.filter((name) => pasted?.has(name));
  if (field.value !== "" || known.length === 0) return;
  event.preventDefault();
  const whole = fieldIn(document.getElementById("run-form"), block.dataset.variables, "variables");
  whole.value = showMembers(new Map([...(membersOf(whole.value) ?? []), ...pasted]));
  whole.dispatchEvent(new Event("input", { bubbles: true }));
  const words = [`Values taken from what was pasted: ${known.join(", ")}.`, ...wordsFor(pasted, names)];
  block.querySelector("[data-pasted-words]").textContent = words.join(" ");
});

on("input", "#playground", () => {
  for (const place of document.querySelectorAll("[data-pasted-words]:not(:empty)")) place.textContent = "";
});
