// What screen readers hear of answers: that one begins, and how it ended. Its words are read by who goes to them: one after
// the other, as they come, nobody can listen to them. What went wrong is an alert in its turn.

// What two columns say at one moment is said in one go: the second would take the first one's place.
const TOGETHER_MS = 300;
// By column: the words that were said of its last turn.
const said = new Map();
let waiting = [];

document.addEventListener("htmx:after:swap", speak);
look();

function speak() {
  const words = look();
  if (words.length > 0 && waiting.length === 0) setTimeout(say, TOGETHER_MS);
  waiting.push(...words);
}

function say() {
  const place = document.getElementById("spoken");
  if (place) place.textContent = waiting.join(" ");
  waiting = [];
}

/** Return what is new of each column's last turn. */
function look() {
  const columns = [...document.querySelectorAll(".col")];
  return columns.flatMap((column) => {
    const turn = [...column.querySelectorAll(".turn")].at(-1);
    const words = turn ? `${turn.id} ${wordsOf(turn)}` : "";
    if (said.get(column.id) === words) return [];
    said.set(column.id, words);
    const name = columns.length > 1 ? `${column.getAttribute("aria-label")}: ` : "";
    return turn ? [`${name}${wordsOf(turn)}`] : [];
  });
}

function wordsOf(turn) {
  if (turn.matches("[data-live]")) return "The answer is being written.";
  const [ending, tokens] = turn.querySelectorAll(".turn-numbers > li");
  const end = ending?.textContent.trim() ?? "ended";
  return tokens
    ? `The answer has ended: ${end}, ${tokens.textContent.trim()}.`
    : `The answer has ended: ${end}.`;
}
