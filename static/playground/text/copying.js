// Copy an answer as it was written, or one listing in it.
import { copy } from "../../common/clipboard.js";
import { on } from "../../common/events.js";

const TOLD_MS = 1500;

on("click", "[data-copy-answer]", (button) => {
  const source = button.closest(".turn").querySelector("template[data-source]");
  copyAndTell(source.content.textContent, button.querySelector("span"));
});

on("click", ".code-copy", (button) => {
  copyAndTell(button.closest(".code").querySelector("code").textContent, button);
});

async function copyAndTell(text, label) {
  const before = label.textContent;
  label.textContent = (await copy(text)) ? "Copied" : "Not allowed";
  setTimeout(() => {
    label.textContent = before;
  }, TOLD_MS);
}
