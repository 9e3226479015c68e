// What is typed into a column is looked at once a frame, however fast somebody types.
import { on } from "../../common/events.js";
import { letterOf, lettersOf } from "./columns.js";
import { sentMessages } from "./sending.js";

const acts = [];
const waiting = new Set();
let form = null;

for (const kind of ["input", "change"]) on(kind, "[form=run-form]", (field) => lookAt(letterOf(field.name)));
document.addEventListener("raxdash:answered", lookAtAll);
// The back button brings another form.
document.addEventListener("htmx:after:swap", () => {
  if (document.getElementById("run-form") !== form) lookAtAll();
});

/** Call `act(letter)` for each column of the page, and then once a frame for those that were typed into. */
export function whenTyped(act) {
  acts.push(act);
  lookAtAll();
}

/** Look at a column with the next frame. */
export function lookAt(letter) {
  if (waiting.size === 0) requestAnimationFrame(look);
  waiting.add(letter);
}

/** Return the fields of a column in which variables may stand, in the order in which they are read. */
export function textFields(letter) {
  return [...document.querySelectorAll("textarea[form=run-form][data-text]")].filter(
    (field) => letterOf(nameOf(field)) === letter,
  );
}

/** Return the name of what a text is sent in: messages before another one are sent together. */
export function nameOf(field) {
  return field.name || field.closest("[data-messages]").dataset.messages;
}

/** Return the texts of a column, with those that are on their way. */
export function textsOf(letter) {
  const { message, messages_before: before } = sentMessages(letter);
  const earlier = JSON.parse(before || "[]").map(({ content }) => content);
  return [...textFields(letter).map(({ value }) => value), ...earlier, message];
}

function lookAtAll() {
  form = document.getElementById("run-form");
  if (form) for (const letter of lettersOf(form)) lookAt(letter);
}

function look() {
  const letters = [...waiting];
  waiting.clear();
  if (!form?.isConnected) return;
  for (const act of acts) for (const letter of letters) act(letter);
}
