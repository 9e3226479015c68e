// Copies the sentence that says why the usage changed.
import { copy } from "../../common/clipboard.js";
import { on } from "../../common/events.js";
import { tellAt } from "../../common/told.js";

on("click", "[data-copy-text]", async (button) => {
  tellAt(button, (await copy(button.dataset.copyText)) ? "Copied" : "Not copied: select it");
});
