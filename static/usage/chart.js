// Draws the figure that the server made, once the page can be read, and again when theme or numbers change.
(() => {
  const NARROW = matchMedia("(max-width: 575px)");
  const CONFIG = { displayModeBar: false, responsive: true };
  let library;

  function load(address) {
    library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function themed(layout) {
    const text = colour("--tblr-secondary-color") || colour("--tblr-body-color");
    const grid = colour("--tblr-border-color");
    const surface = colour("--tblr-bg-surface");
    layout.font = { color: text, family: getComputedStyle(document.body).fontFamily, size: 12 };
    layout.hoverlabel = { bgcolor: surface, bordercolor: grid, font: { color: colour("--tblr-body-color") } };
    Object.assign(layout.xaxis, { linecolor: grid, spikecolor: text, spikethickness: 1 });
    Object.assign(layout.yaxis, { gridcolor: grid, zerolinecolor: grid });
    if (NARROW.matches) everySecondTick(layout.xaxis);
    return layout;
  }

  function everySecondTick(axis) {
    axis.tickvals = axis.tickvals.filter((_, place) => place % 2 === 0);
    axis.ticktext = axis.ticktext.filter((_, place) => place % 2 === 0);
  }

  function canvasOf(chart) {
    const canvas = chart.querySelector(".chart-canvas");
    if (canvas) return canvas;
    const made = document.createElement("div");
    made.className = "chart-canvas";
    chart.replaceChildren(made);
    return made;
  }

  async function draw({ again = false } = {}) {
    const chart = document.getElementById("chart");
    if (!chart || (!again && chart.drawn === chart.dataset.figureId)) return;
    try {
      await load(chart.dataset.plotly);
    } catch {
      chart.textContent = "The chart could not be loaded. The table below has the same numbers.";
      return;
    }
    if (!chart.isConnected) return;
    const figure = JSON.parse(document.getElementById("chart-data").textContent);
    chart.drawn = chart.dataset.figureId;
    await window.Plotly.react(canvasOf(chart), figure.data, themed(figure.layout), CONFIG);
    chart.setAttribute("data-ready", chart.drawn);
  }

  document.addEventListener("htmx:after:swap", () => draw());
  document.addEventListener("raxdash:theme", () => draw({ again: true }));
  NARROW.addEventListener("change", () => draw({ again: true }));
  draw();
})();
