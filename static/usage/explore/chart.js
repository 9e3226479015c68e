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

  function themed(layout) {
    const text = colour("--tblr-secondary-color");
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
    chart.firstElementChild.dataset.figureId = chart.drawn;
  }

  // Pressed twice, an entry of the legend stands alone.
  document.addEventListener("dblclick", (event) => {
    const entry = event.target.closest("[data-alone]");
    if (entry) window.htmx.ajax("GET", entry.dataset.alone, { source: entry });
  });

  document.addEventListener("htmx:after:swap", () => draw());
  document.addEventListener("raxdash:theme", () => draw({ again: true }));
  NARROW.addEventListener("change", () => draw({ again: true }));
  draw();
})();
