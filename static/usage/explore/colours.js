// The page's colours for a figure, in whichever theme the page has now.

// Plotly reads plain colours only: whatever the stylesheet says (color-mix, var) is painted and read back.
const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = getComputedStyle(probe).color;
  brush.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
}

/** Give the layout of a figure the page's colours and font. */
export function paint(layout) {
  const text = colour("--tblr-secondary-color");
  const grid = colour("--tblr-border-color");
  const surface = colour("--tblr-bg-surface");
  layout.font = { color: text, family: getComputedStyle(document.body).fontFamily, size: 12 };
  layout.hoverlabel = { bgcolor: surface, bordercolor: grid, font: { color: colour("--tblr-body-color") } };
  Object.assign(layout.xaxis, { linecolor: grid, spikecolor: text, spikethickness: 1 });
  Object.assign(layout.yaxis, { gridcolor: grid, zerolinecolor: grid });
}
