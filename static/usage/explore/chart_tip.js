// The box that tells one bucket's figures, and the same in words for those who hear them.

const SHARE = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const SMALL_SHARE = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const FORMAT = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

function told(amount, places = 0) {
  if (amount === null || amount === undefined) return "–";
  return (places ? inCoins(amount, places) : FORMAT.format(amount)).replace("-", "−");
}

// Money comes as a whole number of coins, and stays one: no sum of it is ever rounded.
function inCoins(amount, places) {
  const coins = BigInt(amount);
  const digits = `${coins < 0n ? -coins : coins}`.padStart(places + 1, "0");
  const whole = FORMAT.format(BigInt(digits.slice(0, -places)));
  return `${coins < 0n ? "-" : ""}${whole}.${digits.slice(-places)}`;
}

function inWords(amount, [places, currency, isEstimate] = [0, "", false]) {
  const figure = told(amount, places);
  return [isEstimate ? "≈" : "", figure, currency].filter(Boolean).join(" ");
}

// A bar stands at its bucket's number.
function barsOf(trace) {
  return trace.y.map((amount, index) => [trace.x?.[index] ?? index, amount]);
}

// Lines reach the amount of a bucket at its end; where they begin, and begin anew, they stand at no bucket's end.
function endsOf({ x, y }, starts, ends) {
  const isEdge = (index) => {
    for (let before = 1; before <= starts; before += 1) if ((y[index - before] ?? null) === null) return true;
    return ends > 0 && (y[index + 1] ?? null) === null;
  };
  const points = x.map((place, index) => [Math.ceil(place - 0.5), y[index], isEdge(index)]);
  return points.filter(([, amount, edge]) => amount !== null && !edge);
}

const READ = {
  compared: barsOf,
  past: (trace) => endsOf(trace, 1, 0),
  area: (trace) => endsOf(trace, 2, 1),
};

function spread(pairs, length) {
  const amounts = new Array(length).fill(null);
  for (const [place, amount] of pairs) if (amount !== null && place < length) amounts[place] = amount;
  return amounts;
}

// Areas are stacks: a series has what its own reaches above the one below.
function unstacked(stacks) {
  const below = (number, place) => (number > 0 ? stacks[number - 1][place] : 0);
  return stacks.map((stack, number) =>
    stack.map((height, place) => (height === null ? null : height - below(number, place))),
  );
}

/** The amounts of a figure: for each series one for every bucket, and what it is compared with. */
export function amountsOf({ data, layout }) {
  const { columns, titles } = layout.meta;
  const pairs = columns.map(() => []);
  let before = [];
  for (const trace of data) {
    const { look, column } = trace.meta;
    const found = (READ[look] ?? barsOf)(trace);
    if (column !== undefined) pairs[column].push(...found.filter(([, amount]) => amount !== null));
    else if (look === "compared" || look === "past") before = spread(found, titles.length);
  }
  const series = pairs.map((found) => spread(found, titles.length));
  return { series: data.some(({ meta }) => meta.look === "area") ? unstacked(series) : series, before };
}

// Counters may be too large to be added as plain numbers.
function sumOf(amounts) {
  const known = amounts.filter((amount) => amount !== null);
  if (known.every(Number.isInteger)) return known.reduce((sum, amount) => sum + BigInt(amount), 0n);
  return known.reduce((sum, amount) => sum + amount, 0);
}

/** How many buckets have begun; of those to come there is at most what is expected. */
export function begunOf({ meta }) {
  return meta.begun ?? meta.titles.length;
}

// How much more a whole bucket has than what it is compared with; of what is not known, nothing.
function changeOf(amounts, before, isKnown) {
  if (!(isKnown && before > 0)) return "";
  const percent = (Number(sumOf(amounts)) / before - 1) * 100;
  const size = Math.abs(percent);
  const sign = size === 0 ? "±" : percent < 0 ? "−" : "+";
  if (size > 0 && size < 0.01) return ` (${percent < 0 ? "> −" : "< +"}0.01 %)`;
  // Cut, not rounded: less than all of it is never 100 %.
  const isNearAll = size !== 100 && Math.abs(size - 100) < 0.1;
  const shown = isNearAll ? Math.floor(size * 100) / 100 : size;
  return ` (${sign}${(isNearAll || size < 0.1 ? SMALL_SHARE : SHARE).format(shown)} %)`;
}

/** What is said of one bucket: its title, lines of name and figure, and sentences. */
export function sayingsOf({ layout }, { series, before }, place) {
  const { columns, titles, totals, sentences, said, signs, compared, money } = layout.meta;
  const total = totals[place] ?? inWords(sumOf(series.map((amounts) => amounts[place])), money);
  const summed = place >= begunOf(layout) ? layout.meta.expected : (layout.meta.total ?? "Total");
  const lines = [{ name: summed, figure: total.replace("-", "−"), kind: "is-total" }];
  for (let index = columns.length - 1; index >= 0; index -= 1) {
    const [name, number] = columns[index];
    const amount = series[index][place];
    if (amount) lines.push({ name, number, figure: told(amount, money?.[0]) });
  }
  if (compared) {
    const amounts = series.map((each) => each[place]);
    const isKnown = place < begunOf(layout) && !(totals[place] || said[place].length);
    const figure = told(before[place], money?.[0]) + changeOf(amounts, before[place], isKnown);
    lines.push({ name: compared, figure, kind: "is-compared" });
  }
  return {
    title: titles[place],
    lines,
    sentences: [
      ...said[place].map((number) => sentences[number]),
      ...signs.filter(([at]) => at === place).map(([, sign, text]) => `${sign} · ${text}`),
    ],
  };
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function lineOf({ name, number, figure, kind }) {
  const row = element("tr", undefined, kind);
  const label = element("th");
  if (number !== undefined) label.append(element("span", undefined, `swatch series-${number}`));
  label.append(element("bdi", name));
  row.append(label, element("td", figure));
  return row;
}

// People's own words run in their own direction.
function wordOf(sentence) {
  const word = element("p", sentence, "chart-tip-word");
  word.dir = "auto";
  return word;
}

/** Fill the box with what is said of a bucket. */
export function fill(tip, { title, lines, sentences }) {
  const table = element("table");
  table.append(...lines.map(lineOf));
  tip.replaceChildren(element("p", title, "chart-tip-title"), table);
  tip.append(...sentences.map(wordOf));
}

/** The same in one sentence. */
export function spokenOf({ title, lines, sentences }) {
  const figures = lines.map(({ name, figure }) => `${name} ${figure}`).join("; ");
  return [`${title}: ${figures}.`, ...sentences].join(" ");
}

/** Put the box beside a bucket, whose middle is at `x`, within the chart's width. */
export function putBeside(tip, x, width) {
  tip.hidden = false;
  const own = tip.offsetWidth;
  const beside = x + 16 + own <= width ? x + 16 : x - 16 - own;
  tip.style.left = `${Math.max(0, Math.min(beside, width - own))}px`;
}
