// The page's colours for a figure, in whichever theme the page has now.

// Plotly reads plain colours only: whatever the stylesheet says (color-mix, var) is painted and read back.
const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function colour(name, strength = 1) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = getComputedStyle(probe).color;
  brush.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${((alpha / 255) * strength).toFixed(3)})`;
}

// How a trace wears the colour of its series, by how its buckets were seen.
const WORN = {
  plain: (own) => ({ color: own(1) }),
  lighter: (own) => ({ color: own(1) }),
  outlined: (own) => ({ color: own(0.12), line: { color: own(1) } }),
  slashed: (own) => ({ color: own(1), pattern: { fgcolor: colour("--surface") } }),
  dotted: (own) => ({ color: own(1), pattern: { fgcolor: colour("--surface") } }),
  hatched: () => ({ color: colour("--ink-3", 0.08), pattern: { fgcolor: colour("--ink-3") } }),
};

// Readable over areas of any colour.
function labelled(name) {
  const ink = name === "limit" ? "--bad-ink" : "--ink";
  return { font: { color: colour(ink), weight: 600 }, bgcolor: colour("--surface", 0.8) };
}

const SHAPES = {
  weekend: () => ({ fillcolor: colour("--ink-2", 0.06) }),
  today: () => ({ fillcolor: colour("--accent", 0.06) }),
  stem: () => ({ line: { color: colour("--ink-2") } }),
  stretch: () => ({ fillcolor: colour("--ink-3", 0.08), line: { color: colour("--ink-3") } }),
  limit: () => ({ line: { color: colour("--bad") } }),
  crossing: () => ({ line: { color: colour("--ink-2") } }),
};

// Lines, and what lies over areas, by what they tell.
const LINES = {
  compared: () => ({ error_x: { color: colour("--ink", 0.55) } }),
  halo: () => ({ line: { color: colour("--surface", 0.7) } }),
  past: () => ({ line: { color: colour("--ink-2") } }),
  middle: () => ({ line: { color: colour("--accent") } }),
  "veil-lighter": () => ({ fillcolor: colour("--surface", 0.5) }),
  "veil-slashed": () => ({ fillpattern: { fgcolor: colour("--surface"), bgcolor: "rgba(0, 0, 0, 0)" } }),
  range: () => ({ fillcolor: colour("--accent", 0.16) }),
};

function wear(target, worn) {
  for (const [name, value] of Object.entries(worn)) {
    if (typeof value === "object") target[name] = wear({ ...target[name] }, value);
    else target[name] = value;
  }
  return target;
}

function paintTrace(trace, columns) {
  const { look, column } = trace.meta;
  if (LINES[look]) return wear(trace, LINES[look]());
  const number = columns[column]?.[1];
  const own = (strength) => colour(`--series-${number}`, strength);
  if (trace.type === "bar") return wear(trace, { marker: WORN[look](own) });
  return wear(trace, { fillcolor: own(1) });
}

/** Give a figure the page's colours and font. */
export function paint({ data, layout }) {
  const text = colour("--ink-2");
  const grid = colour("--line");
  for (const trace of data) paintTrace(trace, layout.meta.columns);
  for (const shape of layout.shapes) wear(shape, SHAPES[shape.name]());
  for (const annotation of layout.annotations ?? []) wear(annotation, labelled(annotation.name));
  layout.font = { color: text, family: getComputedStyle(document.body).fontFamily, size: 11 };
  wear(layout, { xaxis: { linecolor: text }, yaxis: { gridcolor: grid, zerolinecolor: text } });
}
