// Messages that stand before another one: added, moved, copied and taken out where they stand.
//
// One hidden field keeps them all, as JSON: whatever looks at what was typed finds them there. The fields on the page have
// no names then; without scripts they are sent, and each button leads to the page anew.
import { on } from "../../common/events.js";
import { fieldIn, letterOf } from "./columns.js";

const AREA = "[data-messages]";
const NEXT = "[data-messages$=messages_before]";
const ROW = "[data-message]";

for (const area of document.querySelectorAll(AREA)) adopt(area);

on("input", ROW, (row) => write(row.closest(AREA)));
on("change", ROW, (row) => write(row.closest(AREA)));
on("click", "[data-add-message]", (button, event) => {
  event.preventDefault();
  const area = areaFor(button);
  const row = newRow(nextRole(messagesOf(area)), "");
  listOf(area).append(row);
  write(area);
  textOf(row).focus();
});
on("click", "[data-deed]", (button, event) => {
  event.preventDefault();
  DEEDS[button.dataset.deed](button.closest(ROW));
  if (button.isConnected) button.focus();
});
document.addEventListener("keydown", (event) => {
  const row = event.altKey && event.target.closest?.(ROW);
  const deed = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!(row && deed)) return;
  event.preventDefault();
  const { activeElement } = document;
  DEEDS[deed](row);
  activeElement.focus();
});
// What was put into the field by a draft, a paste, a linked column, or the answer to Run.
for (const kind of ["input", "raxdash:set"])
  on(kind, `${AREA} > input[type=hidden]`, (keeper) => show(keeper.parentElement));

const DEEDS = {
  up: (row) => move(row, row.previousElementSibling, "before"),
  down: (row) => move(row, row.nextElementSibling, "after"),
  copy: (row) => {
    const { role, content } = messageOf(row);
    const copied = newRow(role, content);
    row.after(copied);
    write(row.closest(AREA));
    textOf(copied).focus();
  },
  delete: (row) => {
    const area = row.closest(AREA);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    write(area);
    (next ? textOf(next) : textAfter(area)).focus();
  },
};

/** Take the names from the fields of an area: its hidden field has all of them from now on. */
export function adopt(area) {
  for (const field of area.querySelectorAll(`${ROW} [name]`)) field.removeAttribute("name");
}

/** Put messages into an area, as JSON. */
export function put(area, messages) {
  keeperOf(area).value = messages;
  show(area);
}

/** Return the area that a button adds to: that of an edited message, else that of the next one. */
function areaFor(button) {
  const edited = button.closest("[data-turn-edit]");
  return (edited ?? button.closest(".of-all, .col")).querySelector(edited ? AREA : NEXT);
}

/** Return the field of the message before which those of an area stand. */
function textAfter(area) {
  const keeper = keeperOf(area);
  return (
    area.closest("[data-turn-edit]")?.querySelector(":scope > .message textarea") ??
    fieldIn(keeper.form, letterOf(keeper.name), "message")
  );
}

function move(row, other, where) {
  other?.[where](row);
  write(row.closest(AREA));
}

function write(area) {
  const keeper = keeperOf(area);
  const messages = messagesOf(area);
  number(area);
  const text = messages.length > 0 ? JSON.stringify(messages) : "";
  if (keeper.value === text) return;
  keeper.value = text;
  keeper.dispatchEvent(new Event("input", { bubbles: true }));
}

function show(area) {
  const messages = read(keeperOf(area).value);
  if (JSON.stringify(messages) === JSON.stringify(messagesOf(area))) return;
  listOf(area).replaceChildren(...messages.map(({ role, content }) => newRow(role, content)));
  number(area);
}

function read(text) {
  try {
    return text ? JSON.parse(text) : [];
  } catch {
    return [];
  }
}

function newRow(role, content) {
  const row = document.querySelector("[data-new-message]").content.firstElementChild.cloneNode(true);
  for (const field of row.querySelectorAll("[name$=_role], [name$=_content]")) field.removeAttribute("name");
  row.querySelector("select").value = role;
  textOf(row).value = content;
  // As long_texts.js says.
  textOf(row).removeAttribute("dir");
  return row;
}

/** Name the fields by their places, for who hears them. */
function number(area) {
  for (const [at, row] of rowsOf(area).entries()) {
    row.querySelector("select").setAttribute("aria-label", `Role ${at + 1}`);
    textOf(row).setAttribute("aria-label", `Earlier message ${at + 1}`);
  }
}

function nextRole(messages) {
  return messages.at(-1)?.role === "user" ? "assistant" : "user";
}

function messagesOf(area) {
  return rowsOf(area).map(messageOf);
}

function messageOf(row) {
  return { role: row.querySelector("select").value, content: textOf(row).value };
}

function rowsOf(area) {
  return [...listOf(area).children];
}

function listOf(area) {
  return area.querySelector("ol");
}

function textOf(row) {
  return row.querySelector("textarea");
}

function keeperOf(area) {
  return area.querySelector(":scope > input[type=hidden]");
}
