// How many tokens a column would send now, beside its message: counted here, while somebody types.
import { columnOf, fieldIn, plainName } from "./columns.js";
import { charsOf, estimate, whyBeyondLimit, whyNotFitting, wordsFor } from "./counting.js";
import { filledPieces } from "./scanning.js";
import { lookAt, nameOf, textFields, whenTyped } from "./typing.js";
import { valueIn } from "./variables.js";

whenTyped(tell);
// A turn that has ended is sent with the next one; of the key's limit less may be left.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const column = detail.ctx?.sourceElement?.closest?.(".turn, [data-gauge]")?.closest("[data-column]");
  if (column) lookAt(column.dataset.column);
});

function tell(letter) {
  const place = columnOf(letter)?.querySelector("[data-estimate]");
  const form = document.getElementById("run-form");
  if (!(place && form.dataset.tokens)) return;
  // An earlier message that is edited is no part of the next request.
  const fields = textFields(letter).filter((field) => !plainName(nameOf(field)).startsWith("edited"));
  const texts = fields.map(({ value }) => filledText(letter, value));
  place.hidden = !texts.some((text) => text.trim());
  if (place.hidden) return;
  const facts = JSON.parse(form.dataset.tokens);
  const model = fieldIn(form, letter, "model");
  const name = model.value.trim() || model.dataset.chosen;
  const { chars, messages } = sentBy(letter, texts);
  const tokens = estimate(chars, messages, facts.rates[name], facts);
  const window = facts.windows[name];
  const answer = Number(fieldIn(form, letter, "max_tokens").value) || 0;
  const unfit = whyNotFitting(tokens, window, answer);
  const left = columnOf(letter).querySelector("[data-gauge] [data-left]");
  const beyond = left ? whyBeyondLimit(tokens, Number(left.dataset.left), left.dataset.of, answer) : "";
  const why = [unfit, beyond].filter(Boolean).join(" ");
  const words = [wordsFor(tokens, window, facts.letters), why].filter(Boolean).join(". ");
  if (place.textContent !== words) place.textContent = words;
  place.classList.toggle("is-warn", why !== "");
}

function filledText(letter, text) {
  return filledPieces(text, (name) => valueIn(letter, name)).join("");
}

/** Return the characters and the messages of the next request: earlier turns, then what is typed. */
function sentBy(letter, texts) {
  const own = texts.filter((text) => text.trim()).map((text) => ({ ...charsOf(text), messages: 1 }));
  const turns = [...columnOf(letter).querySelectorAll(".turn[data-context]")];
  const earlier = turns.map(({ dataset: { context, contextMessages } }) => ({
    ascii: Number(context),
    others: 0,
    messages: Number(contextMessages),
  }));
  const sum = (kind) => [...earlier, ...own].reduce((total, one) => total + one[kind], 0);
  return { chars: { ascii: sum("ascii"), others: sum("others") }, messages: sum("messages") };
}
