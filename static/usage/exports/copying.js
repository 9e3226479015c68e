// Copies the totals as text, and tables as a spreadsheet takes them: cells with tabs between, none of them a formula.
import { copy } from "../../common/clipboard.js";
import { on } from "../../common/events.js";
import { tellAt } from "../../common/told.js";

const COUNT = /^[−-]?\d{1,3}(,\d{3})*(\.\d+)?$/u;
// A change or a share: no formula, whatever it begins with.
const FIGURE = /^[+−-]?[\d.,]+( [%A-Za-z]+)?$/u;
const FORMULA = /^[\s\p{C}]*[=+\-@＝＋－＠﹢﹣]/u;

on("click", "[data-copy-numbers]", (button) => {
  const stats = document.querySelectorAll("#report .stat");
  tell(button, copy([...stats].map(statText).join("\n")));
});

on("click", "[data-copy-table]", (button) => {
  tell(button, copy(tableText(document.getElementById(button.dataset.copyTable))));
});

async function tell(button, copied) {
  tellAt(button, (await copied) ? "Copied" : "Not copied: select it");
}

/** All words of an element, in one line; a mark for the eye alone is none. */
function words(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (!parentElement.closest("[aria-hidden='true']")) found.push(data);
  }
  return found.join(" ").replace(/\s+/gu, " ").trim();
}

function statText(stat) {
  const [name, number, change] = ["name", "n", "d"].map((part) => stat.querySelector(`.stat-${part}`));
  const told = `${words(name)}: ${words(number)}`;
  return change ? `${told} (${words(change)})` : told;
}

function cellText(cell) {
  const text = words(cell);
  if (COUNT.test(text)) return text.replaceAll(",", "").replace("−", "-");
  return FORMULA.test(text) && !FIGURE.test(text) ? `'${text}` : text;
}

// What is drawn has no text.
function tableText(table) {
  const drawn = [...table.tHead.rows[0].cells].findIndex((cell) => words(cell) === "Trend");
  const line = (row) => [...row.cells].filter((_, place) => place !== drawn).map(cellText);
  return [...table.rows].map((row) => line(row).join("\t")).join("\n");
}
