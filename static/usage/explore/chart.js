// Draws the figure that the server made, once the page can be read, and again when theme or numbers change.
import { on } from "../../common/events.js";
import { follow } from "./chart_pointer.js";
import { showSigns } from "./chart_signs.js";
import { plotOf, stageOf } from "./chart_stage.js";
import { paint } from "./colours.js";

const NARROW = matchMedia("(max-width: 575px)");
const CONFIG = { displayModeBar: false, responsive: true };
const TODAY = "Today";
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
  paint(figure);
  if (NARROW.matches) dropEverySecondTick(figure.layout.xaxis);
  return figure;
}

// Today's stays, or else the last one.
function dropEverySecondTick(axis) {
  const kept = axis.ticktext.includes(TODAY) ? axis.ticktext.indexOf(TODAY) : axis.ticktext.length - 1;
  const isKept = (_, place) => (kept - place) % 2 === 0;
  axis.tickvals = axis.tickvals.filter(isKept);
  axis.ticktext = axis.ticktext.filter(isKept);
}

// Plotly has drawn, at whatever width: what stands over its canvas follows.
function align(chart, stage) {
  const plot = plotOf(stage.canvas);
  showSigns(stage, stage.figure, plot);
  follow(chart, stage, stage.figure, plot);
  for (const tick of stage.canvas.querySelectorAll(".xtick text"))
    tick.classList.toggle("is-today", tick.textContent === TODAY);
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
  const stage = stageOf(chart);
  const figure = readFigure();
  chart.drawn = chart.dataset.figureId;
  stage.figure = figure;
  // No window changes its size when a page goes to paper.
  if (document.documentElement.classList.contains("is-printed"))
    Object.assign(figure.layout, { width: chart.clientWidth, height: chart.clientHeight });
  // Plotly takes what is empty out of what it is given, and needs no words.
  await window.Plotly.react(stage.canvas, figure.data, { ...figure.layout, meta: {} }, CONFIG);
  if (!stage.follows) stage.canvas.on("plotly_afterplot", () => align(chart, stage));
  stage.follows = true;
  align(chart, stage);
  stage.canvas.dataset.figureId = chart.drawn;
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
