// Draws the figure that the server made, once the page can be read, and again when theme or numbers change.
import { on } from "../../common/events.js";
import { paint } from "./colours.js";

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

function readFigure() {
  const figure = JSON.parse(document.getElementById("figure").content.textContent);
  paint(figure.layout);
  if (NARROW.matches) dropEverySecondTick(figure.layout.xaxis);
  return figure;
}

function dropEverySecondTick(axis) {
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

async function draw() {
  const chart = document.getElementById("chart");
  if (!chart) return;
  try {
    await load(chart.dataset.plotly);
  } catch {
    chart.textContent = "The chart could not be loaded. The table below has the same numbers.";
    return;
  }
  if (!chart.isConnected) return;
  const figure = readFigure();
  chart.drawn = chart.dataset.figureId;
  await window.Plotly.react(canvasOf(chart), figure.data, figure.layout, CONFIG);
  chart.firstElementChild.dataset.figureId = chart.drawn;
}

function drawNew() {
  const chart = document.getElementById("chart");
  if (chart && chart.drawn !== chart.dataset.figureId) draw();
}

// Pressed twice, an entry of the legend stands alone.
on("dblclick", "[data-alone]", (entry) => {
  window.htmx.ajax("GET", entry.dataset.alone, { source: entry });
});

document.addEventListener("htmx:after:swap", drawNew);
document.addEventListener("raxdash:theme", draw);
NARROW.addEventListener("change", draw);
draw();
