// The chart as it stands in the page, in its theme, as a picture: SVG, or PNG by a canvas of our own.
import { on } from "../../common/events.js";
import { tellAt } from "../../common/told.js";

const SCALE = 2;
const MARGIN = 20;
const TITLE_PX = 34;
const LINE_PX = 20;
const SIGN_RADIUS = 9;
// What XML 1.0 knows no sign for: a name may hold it, and of an SVG that does nothing is drawn.
const NO_SIGNS = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

on("click", "[data-picture]", async (button) => {
  const { picture: format, name, title } = button.dataset;
  try {
    const drawn = await composed(document.getElementById("chart").stage, title);
    save(
      format === "svg" ? new Blob([drawn.svg], { type: "image/svg+xml" }) : await png(drawn),
      `${name}.${format}`,
    );
  } catch {
    tellAt(button, "It could not be drawn");
  }
});

/** The chart with its title, legend and signs, as SVG with its size. */
async function composed(stage, title) {
  const { clientWidth: across, clientHeight: up } = stage.canvas;
  const told = { format: "svg", width: across, height: up, imageDataOnly: true };
  const data = await window.Plotly.toImage(stage.canvas, told);
  const plot = data.startsWith("<svg") ? data : decodeURIComponent(data);
  const legend = legendOf(stage.figure.layout.meta.columns, across);
  const top = MARGIN + TITLE_PX + legend.height;
  const [width, height] = [across + 2 * MARGIN, top + up + MARGIN];
  const font = escaped(getComputedStyle(document.body).fontFamily);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}" font-size="12" fill="${ink("--ink")}">
<rect width="100%" height="100%" fill="${ink("--surface")}"/>
<text x="${MARGIN}" y="${MARGIN + 14}" font-size="15" font-weight="600">${escaped(title)}</text>
<g transform="translate(${MARGIN} ${MARGIN + TITLE_PX - 8})">${legend.svg}</g>
<g transform="translate(${MARGIN} ${top})">${plot}${signsOf(stage)}</g></svg>`;
  return { svg: svg.replace(NO_SIGNS, "\ufffd"), width, height };
}

/** The series in as many lines as they need. */
function legendOf(columns, across) {
  const brush = document.createElement("canvas").getContext("2d");
  brush.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  let [x, y] = [0, 0];
  const items = columns.map(([label, number]) => {
    const wide = brush.measureText(label).width + 36;
    if (x && x + wide > across) [x, y] = [0, y + LINE_PX];
    const fill = ink(`--series-${number}`);
    const item = `<rect x="${x}" y="${y + 2}" width="10" height="10" fill="${fill}"/><text x="${x + 16}" y="${y + 11}">${escaped(label)}</text>`;
    x += wide;
    return item;
  });
  return { svg: items.join(""), height: y + LINE_PX };
}

function signsOf(stage) {
  const drawn = [...stage.signs.children].map((sign) => {
    const [x, y] = [Number.parseFloat(sign.style.left), Number.parseFloat(sign.style.top) + SIGN_RADIUS];
    return `<circle cx="${x}" cy="${y}" r="${SIGN_RADIUS}" fill="${ink("--surface")}" stroke="${ink("--ink-2")}"/><text x="${x}" y="${y + 3.5}" font-size="10" font-weight="600" text-anchor="middle">${escaped(sign.textContent)}</text>`;
  });
  return drawn.join("");
}

/** A colour of the page's theme, as it is now. */
function ink(name) {
  return escaped(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
}

function escaped(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/gu, (sign) => entities[sign]);
}

async function png({ svg, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
