// What stands in the chart beside Plotly's canvas: the area to point at, signs, a box of figures, spoken words.

function part(name, parent, attributes = {}) {
  const made = document.createElement(attributes.tag ?? "div");
  made.className = name;
  for (const [key, value] of Object.entries(attributes)) if (key !== "tag") made.setAttribute(key, value);
  parent.append(made);
  return made;
}

/** The parts of a chart; made once, and found again for as long as the chart stands in the page. */
export function stageOf(chart) {
  if (chart.stage) return chart.stage;
  chart.replaceChildren();
  const canvas = part("chart-canvas", chart, { "aria-hidden": "true" });
  const area = part("chart-area", chart);
  chart.stage = {
    canvas,
    area,
    at: part("chart-at", area, { hidden: "" }),
    chosen: part("chart-chosen", area, { hidden: "" }),
    signs: part("chart-signs", chart),
    tip: part("chart-tip", chart, { "aria-hidden": "true", hidden: "" }),
    spoken: part("visually-hidden", chart, { tag: "p", "aria-live": "polite" }),
  };
  return chart.stage;
}

/** Lay an element over a part of the chart, in pixels. */
export function lay(element, { left, top, width, height }) {
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

/** Where the bars are, in pixels of the chart. */
export function plotOf(canvas) {
  const drawn = canvas.querySelector(".nsewdrag").getBoundingClientRect();
  const all = canvas.getBoundingClientRect();
  return {
    left: drawn.left - all.left,
    top: drawn.top - all.top,
    width: drawn.width,
    height: drawn.height,
  };
}
