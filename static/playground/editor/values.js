// The values of variables as one JSON object, by the rules of playground/text/values.py; a test holds the two equal.

const PARTS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gsu;
const OPENING = "{[";
const CLOSING = "}]";
const INDENT = "  ";

/** Return the values of an object by their names, each as it is written there; null where it cannot be read. */
export function membersOf(text) {
  if (text.trim() === "") return new Map();
  const parts = isObject(text) ? text.match(PARTS) : null;
  return parts && new Map(eachMember(parts));
}

function isObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function* eachMember(parts) {
  let depth = 0;
  let member = [];
  for (const part of parts) {
    if (CLOSING.includes(part)) depth -= 1;
    if (member.length > 0 && (depth === 0 || (depth === 1 && part === ","))) {
      yield [JSON.parse(member[0]), member.slice(2).join("")];
      member = [];
    } else if (depth > 0) member.push(part);
    if (OPENING.includes(part)) depth += 1;
  }
}

/** Return what is sent of a value that is written so: a text as itself, anything else as its JSON, laid out. */
export function sentValue(written) {
  if (written === undefined || written === "null") return "";
  return isText(written) ? JSON.parse(written) : layOut(written);
}

/** Tell whether a value that is written so is a text. */
export function isText(written) {
  return written.startsWith('"');
}

/** Return an object with these values, each as it is written. */
export function showMembers(members) {
  const lines = [...members].map(([name, written]) => `${INDENT}${JSON.stringify(name)}: ${written}`);
  return lines.length > 0 ? `{\n${lines.join(",\n")}\n}` : "";
}

function layOut(written) {
  const laidOut = [];
  let depth = 0;
  let before = "";
  for (const part of written.match(PARTS)) {
    if (CLOSING.includes(part)) depth -= 1;
    if (beginsLine(before, part)) laidOut.push(`\n${INDENT.repeat(depth)}`);
    laidOut.push(part === ":" ? ": " : part);
    if (OPENING.includes(part)) depth += 1;
    before = part;
  }
  return laidOut.join("");
}

function beginsLine(before, part) {
  const isAfterOpening = before !== "" && OPENING.includes(before);
  if (CLOSING.includes(part)) return !isAfterOpening;
  return before === "," || isAfterOpening;
}
