// Copy an answer as it was written, one listing in it, or a request as it was sent.
import { copy } from "../../common/clipboard.js";
import { on } from "../../common/events.js";
import { tellAt } from "../../common/told.js";

const REFUSED = "Not copied: press Ctrl+C";

on("click", "[data-copy-answer]", (button) => {
  const turn = button.closest(".turn");
  const source = turn.querySelector("template[data-source]");
  copyAndTell(source.content.textContent, button.querySelector("span"), turn.querySelector(".answer"));
});

on("click", ".code-copy", (button) => {
  const code = button.closest(".code").querySelector("code");
  copyAndTell(code.textContent, button, code);
});

on("click", "[data-copy-text]", (button) => {
  const text = document.getElementById(button.dataset.copyText);
  copyAndTell(text.textContent, button.querySelector("span"), text);
});

/** Copy a text; where the browser refuses, say so and select what shows it, for the keyboard to copy. */
async function copyAndTell(text, label, shown) {
  const copied = await copy(text);
  tellAt(label, copied ? "Copied" : REFUSED);
  if (!copied) document.getSelection().selectAllChildren(shown);
}
