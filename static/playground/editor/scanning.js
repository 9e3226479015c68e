// Variables in a text, by the rules of playground/text/variables.py; a test holds the two equal.

// All backslashes that stand there, and braces; with a name, and the braces that close it.
const MARK = /(?<!\\)(?<slashes>\\*)\{\{(?:[ \t]*(?<name>[\p{L}_][\p{L}\p{M}\p{N}_.-]{0,99})[ \t]*\}\})?/gu;

/** Yield the variables and escapes of a text: `{ kind, start, end, says }`; what lies between them is literal. */
export function* marked(text) {
  if (!text.includes("{{")) return;
  for (const mark of text.matchAll(MARK)) {
    const { slashes, name } = mark.groups;
    const start = mark.index;
    const braces = start + slashes.length;
    const isNamed = name !== undefined && text[braces - 1] !== "{";
    const half = slashes.slice(slashes.length - Math.floor(slashes.length / 2));
    const end = isNamed ? start + mark[0].length : braces + 2;
    if (slashes.length % 2 === 1) {
      yield { kind: "escaped", start, end, says: half + text.slice(braces, end) };
      continue;
    }
    if (slashes) yield { kind: "escaped", start, end: braces, says: half };
    if (isNamed) yield { kind: "variable", start: braces, end, says: name };
  }
}

/** Return the names of the variables of some texts, each once, in the order in which they first appear. */
export function namesIn(texts) {
  const names = texts.flatMap((text) => [...marked(text)].filter(isVariable).map(({ says }) => says));
  return [...new Set(names)];
}

/** Return what is typed to send exactly this text: nothing of it is a variable, or an escape. */
export function escaped(text) {
  return text.replaceAll(MARK, (mark, ...found) => {
    const { slashes, name } = found.at(-1);
    const isNamed = name !== undefined && text[found.at(-3) + slashes.length - 1] !== "{";
    return `${slashes}${isNamed ? "\\" : ""}${mark}`;
  });
}

/** Return the pieces of what is sent of a text, where `valueFor` returns the value of a variable. */
export function filledPieces(text, valueFor) {
  const filled = [];
  let done = 0;
  for (const piece of marked(text)) {
    filled.push(text.slice(done, piece.start), isVariable(piece) ? valueFor(piece.says) : piece.says);
    done = piece.end;
  }
  return [...filled, text.slice(done)];
}

/** Tell whether a piece is a variable. */
export function isVariable({ kind }) {
  return kind === "variable";
}
