// Pointing at buckets, by mouse, finger or keys: the box follows; a drag chooses a span, a press opens a bucket.
import { lay } from "./chart_stage.js";
import { amountsOf, begunOf, fill, putBeside, sayingsOf, spokenOf } from "./chart_tip.js";

// Less is no drag: hands tremble.
const LEAST_DRAG = 6;

function titlesOf(figure) {
  return figure?.layout.meta.titles;
}

/** One chart's pointing; `figure`, `plot` and `amounts` change with each drawing. */
class Pointing {
  constructor(chart, stage) {
    this.chart = chart;
    this.stage = stage;
    this.at = null;
    this.from = null;
    this.pressed = null;
  }

  show(figure, plot) {
    const isOfSameBuckets = String(titlesOf(figure)) === String(titlesOf(this.figure));
    this.figure = figure;
    this.plot = plot;
    this.amounts = amountsOf(figure);
    if (isOfSameBuckets) this.pointAgain();
    else this.clear();
  }

  // Numbers that come anew leave a box where it is, and a drag under way.
  pointAgain() {
    const { at } = this;
    this.leave();
    if (at === null) return;
    if (this.from === null) this.point(at);
    else this.choose(at);
  }

  get last() {
    return this.figure.layout.meta.titles.length - 1;
  }

  // What is to come can be pointed at, and not be chosen.
  get newest() {
    return begunOf(this.figure.layout) - 1;
  }

  get width() {
    return this.plot.width / (this.figure.layout.xaxis.range[1] + 0.5);
  }

  placeAt(clientX) {
    const { left } = this.stage.area.getBoundingClientRect();
    return Math.floor((clientX - left) / this.width);
  }

  within(place) {
    return Math.max(0, Math.min(place, this.newest));
  }

  point(place, speaks = false) {
    if (place < 0 || place > this.last) return this.leave();
    if (place === this.at && !speaks) return;
    this.at = place;
    const sayings = sayingsOf(this.figure, this.amounts, place);
    fill(this.stage.tip, sayings);
    putBeside(this.stage.tip, this.plot.left + (place + 0.5) * this.width, this.chart.clientWidth);
    this.cover(this.stage.at, place, place);
    if (speaks) this.stage.spoken.textContent = spokenOf(sayings);
  }

  leave() {
    this.at = null;
    this.stage.tip.hidden = true;
    this.stage.at.hidden = true;
  }

  clear() {
    this.from = null;
    this.pressed = null;
    this.stage.chosen.hidden = true;
    this.leave();
  }

  cover(element, first, last) {
    element.hidden = false;
    const left = first * this.width;
    lay(element, { left, top: 0, width: (last + 1 - first) * this.width, height: this.plot.height });
  }

  choose(place) {
    const to = this.within(place);
    this.cover(this.stage.chosen, Math.min(this.from, to), Math.max(this.from, to));
    this.point(to);
  }

  // When a bucket begins; they may differ in length.
  instant(place) {
    const { begin, lengths } = this.figure.layout.meta;
    const minutes = lengths.slice(0, place).reduce((sum, length) => sum + length, begin);
    return `${new Date(minutes * 60_000).toISOString().slice(0, 16)}Z`;
  }

  open(address, first, last) {
    const url = new URL(address, window.location.href);
    url.searchParams.set("start", this.instant(first));
    url.searchParams.set("end", this.instant(last + 1));
    this.clear();
    window.htmx.ajax("GET", url.pathname + url.search, { source: this.chart });
  }

  openChosen(to) {
    const { span } = this.chart.dataset;
    const places = [this.from, this.within(to)];
    if (span) this.open(span, Math.min(...places), Math.max(...places));
    else this.clear();
  }

  openBucket(place) {
    const { bucket } = this.chart.dataset;
    if (bucket && place >= 0 && place <= this.newest) this.open(bucket, place, place);
  }
}

function followPointer(pointing, area) {
  area.addEventListener("pointermove", (event) => {
    const place = pointing.placeAt(event.clientX);
    const { pressed } = pointing;
    if (!pressed) return pointing.point(place);
    if (Math.abs(event.clientX - pressed.x) >= LEAST_DRAG && pointing.chart.dataset.span) {
      pointing.from ??= pointing.within(pressed.place);
    }
    if (pointing.from !== null) pointing.choose(place);
  });
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const place = pointing.placeAt(event.clientX);
    pointing.pressed = { x: event.clientX, place, wasShown: pointing.at === place };
    area.setPointerCapture(event.pointerId);
    pointing.point(place);
  });
  area.addEventListener("pointerup", (event) => {
    const { pressed, from } = pointing;
    pointing.pressed = null;
    if (!pressed) return;
    if (from !== null) return pointing.openChosen(pointing.placeAt(event.clientX));
    // A finger's first press shows what there is.
    if (event.pointerType !== "touch" || pressed.wasShown) pointing.openBucket(pressed.place);
  });
  area.addEventListener("pointercancel", () => pointing.clear());
  // A finger leaves with each press; what it showed stays until the chart loses the focus.
  area.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointing.from === null && pointerType !== "touch") pointing.leave();
  });
}

const MOVES = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

function followKeys(pointing, chart) {
  chart.addEventListener("keydown", (event) => {
    if (event.target !== chart || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!press(pointing, event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  chart.addEventListener("blur", () => pointing.clear());
}

function press(pointing, { key, shiftKey }) {
  if (MOVES[key]) return move(pointing, MOVES[key], shiftKey);
  if (key === "Escape" && (pointing.at !== null || pointing.from !== null)) {
    pointing.clear();
    return true;
  }
  if (key !== "Enter" || pointing.at === null) return false;
  if (pointing.from === null) pointing.openBucket(pointing.at);
  else pointing.openChosen(pointing.at);
  return true;
}

function move(pointing, to, isChoosing) {
  const at = pointing.at ?? pointing.newest + 1;
  const place = Math.max(0, Math.min(to(at, pointing.last), pointing.last));
  if (isChoosing && pointing.chart.dataset.span) {
    pointing.from ??= pointing.within(at);
    pointing.choose(place);
  } else {
    pointing.from = null;
    pointing.stage.chosen.hidden = true;
  }
  pointing.point(place, true);
  return true;
}

/** Follow pointer and keys over a chart, from its first drawing on. */
export function follow(chart, stage, figure, plot) {
  if (!stage.pointing) {
    stage.pointing = new Pointing(chart, stage);
    followPointer(stage.pointing, stage.area);
    followKeys(stage.pointing, chart);
  }
  stage.pointing.show(figure, plot);
}
