// Numbered signs above the bars; each leads to its sentence in the list below. Those too near are one.
import { lay } from "./chart_stage.js";

const SPACE = 4;
const RADIUS = 9;

function wordOf(signs) {
  return signs.length === 1 ? signs[0].sign : `${signs[0].sign}–${signs.at(-1).sign}`;
}

function widthOf({ signs }) {
  return Math.max(2 * RADIUS, 10 + 6.5 * wordOf(signs).length);
}

function touch(one, other) {
  return other.x - one.x < (widthOf(one) + widthOf(other)) / 2 + SPACE;
}

function joined(one, other) {
  return { x: (one.x + other.x) / 2, signs: [...one.signs, ...other.signs] };
}

// Joined, two may touch the next: so until none does.
function apart(groups) {
  const at = groups.findIndex((group, index) => index > 0 && touch(groups[index - 1], group));
  if (at < 0) return groups;
  return apart([...groups.slice(0, at - 1), joined(groups[at - 1], groups[at]), ...groups.slice(at + 1)]);
}

function grouped(signs, xOf) {
  const ordered = [...signs].sort((one, other) => one[0] - other[0]);
  return apart(ordered.map(([place, sign, text]) => ({ x: xOf(place), signs: [{ sign, text }] })));
}

function linkOf({ x, signs }, top) {
  const link = document.createElement("a");
  link.className = "chart-sign";
  link.href = `#sign-${signs[0].sign}`;
  link.textContent = wordOf(signs);
  // Several signs of one look need a name each.
  link.ariaLabel = `Sign ${wordOf(signs)}: ${signs.map(({ text }) => text).join("; ")}`;
  link.title = signs.map(({ sign, text }) => `${sign}: ${text}`).join("\n");
  link.style.left = `${x}px`;
  link.style.top = `${top - RADIUS * 2 - 4}px`;
  return link;
}

/** Show a figure's signs above its bars. */
export function showSigns(stage, { layout }, plot) {
  const count = layout.xaxis.range[1] + 0.5;
  const xOf = (place) => plot.left + ((place + 0.5) / count) * plot.width;
  stage.signs.replaceChildren(...grouped(layout.meta.signs, xOf).map((group) => linkOf(group, plot.top)));
  lay(stage.area, plot);
}
