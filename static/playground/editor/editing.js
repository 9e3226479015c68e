// The message of an earlier turn is edited where it stands: Run asks another version of it, and the old one stays.
import { on } from "../../common/events.js";
import { nameIn, plainName } from "./columns.js";
import { newKey } from "./keys.js";
import { put } from "./messages.js";

const EDITOR = "[data-turn-edit]";
let isOpen = document.querySelector(EDITOR) !== null;

on("click", "[data-edit]", (link, event) => {
  const turn = link.closest(".turn");
  const column = link.closest(".col");
  // Of a long message the page has the beginning alone, and of one with variables what was sent: the link leads to a
  // page with what was typed.
  const isElsewhere = link.matches("[data-typed-otherwise]") || turn.querySelector(".turn-more");
  if (isElsewhere || !column?.querySelector("[data-edit-form]")) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const before = turn.querySelector("template[data-typed-before]")?.content.textContent ?? "";
  open(column, turn, turn.querySelector(".turn-message .turn-text").textContent, before);
});

on("click", "[data-unedit]", (button, event) => {
  event.preventDefault();
  const turn = button.closest(".turn");
  button.closest(EDITOR).remove();
  tell();
  turn.querySelector("[data-edit]")?.focus();
});

// What a browser kept of a page that went: the editor that was open is open again before its words come.
document.addEventListener("raxdash:recovering", ({ detail: { fields } }) => {
  for (const name of Object.keys(fields)) {
    const turn = plainName(name) === "edited_run" && document.getElementById(`run-${fields[name]}`);
    if (!turn) continue;
    const column = turn.closest(".col");
    const [words, before] = ["edited", "edited_before"].map(
      (each) => fields[nameIn(column.dataset.column, each)],
    );
    open(column, turn, words, before ?? "");
  }
});

/** Open the editor of a turn with these words, and the messages before them as JSON. What is being edited in the column already goes on. */
function open(column, turn, words, before) {
  const opened = column.querySelector(EDITOR);
  if (opened) {
    fieldOf(opened).focus();
    return;
  }
  const editor = column.querySelector("[data-edit-form]").content.firstElementChild.cloneNode(true);
  turn.prepend(editor);
  const run = turn.id.slice("run-".length);
  for (const field of editor.querySelectorAll(":scope > input[type=hidden]")) {
    field.value = plainName(field.name) === "edited_run" ? run : newKey();
  }
  put(editor.querySelector("[data-messages]"), before);
  // As long_texts.js says.
  fieldOf(editor).removeAttribute("dir");
  isOpen = true;
  const field = fieldOf(editor);
  field.value = words;
  window.htmx.process(editor);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function fieldOf(editor) {
  return editor.querySelector(":scope > .message textarea");
}

/** Let what is typed be saved anew: an editor is gone. */
function tell() {
  const field = document.querySelector("textarea[form=run-form]");
  field?.dispatchEvent(new Event("change", { bubbles: true }));
}

// An edited message that was run takes its editor with it.
document.addEventListener("htmx:after:swap", () => {
  if (!isOpen || document.querySelector(EDITOR)) return;
  isOpen = false;
  tell();
});
