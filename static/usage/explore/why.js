// Copies the sentence that says why the usage changed.
import { copy } from "../../common/clipboard.js";
import { on } from "../../common/events.js";

on("click", "[data-copy-text]", async (button) => {
  button.textContent = (await copy(button.dataset.copyText)) ? "Copied" : "Not copied: select it";
});
