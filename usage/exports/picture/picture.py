"""A chart with everything around it: what it shows and since when, its legend, and what is told beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from unicodedata import east_asian_width

from common.templatetags.names import isolated
from usage.explore.query.query import View
from usage.explore.report import Report
from usage.exports.json_text import sentences_of
from usage.exports.picture import paints, svg
from usage.exports.picture.letters import numbered
from usage.exports.picture.plot import Plot

WIDTH, MARGIN, PLOT_HEIGHT = 1000, 28, 340
# Room for the amounts beside the axis, and for days below it.
AXIS, DAYS = 64, 34
LINE, SMALL = 20, 18
FONTS = "Inter, 'DejaVu Sans', sans-serif"
# About how wide a sign is, as a part of the size of type: what is set by it need not be exact.
SIGN = 0.56
LONGEST_NAME, LONGEST_LINE = 48, 130
MOST_REMARKS = 8


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the legend: a swatch's coats, and words."""

    coats: Sequence[paints.Paint]
    words: str

    @property
    def width(self) -> float:
        """About how much room it takes, also where the numbers of letters stand for them."""
        wide = {sign for sign in self.words if _width(sign) > 1}
        signs = max(signs_of(self.words), len(numbered(self.words, wide)))
        return 24 + signs * 12 * SIGN + 16


def picture(report: Report) -> str:
    """The chart of a report as SVG. The report has one: something was used, in one span of time."""
    top = MARGIN + 52.0
    legend, top = _legend(list(_items(report)), top)
    plot = Plot(report.chart.figure, MARGIN + AXIS, top + 26, WIDTH - 2 * MARGIN - AXIS, PLOT_HEIGHT)
    foot, bottom = _foot(report, plot.top + PLOT_HEIGHT + DAYS)
    parts = [
        svg.element("title", svg.escaped(report.chart.description)),
        f"<defs>{paints.PATTERNS}</defs>",
        svg.element("rect", width=WIDTH, height=bottom, fill=paints.SURFACE),
        *_head(report),
        *legend,
        plot.drawn(),
        *_signs(report, plot),
        *foot,
    ]
    return svg.element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {svg.n(bottom)}",
        width=WIDTH,
        height=bottom,
        font_family=FONTS,
        font_size=12,
        fill=paints.INK_2,
        role="img",
    )


def _head(report: Report) -> Iterator[str]:
    what = f"{report.metric_label} by {report.controls.by_words.lower()}"
    growing = " as it adds up" if report.query.view == View.CUMULATIVE else ""
    title = f"{what}{growing}, {report.span_label}"
    yield svg.text(cut(title, 90), MARGIN, MARGIN + 12, font_size=18, font_weight="600", fill=paints.INK)
    total = f"{report.totals[report.metric].words} in all"
    words = f"{cut(isolated(report.team.name), LONGEST_NAME)} · {total} · days in {report.span.zone.key}"
    yield svg.text(words, MARGIN, MARGIN + 34, font_size=13)


def _items(report: Report) -> Iterator[Item]:
    """Series, then how they were seen, then what is compared."""
    for column in report.drawn.columns:
        name = cut(isolated(column.label), LONGEST_NAME)
        yield Item(paints.worn("plain", column.number), f"{name}  {column.total.words}")
    for kind in report.chart.kinds:
        look = kind.looks[0]
        yield Item(paints.worn(look, "other"), kind.name)
    if report.chart.comparison:
        yield Item([{"fill": paints.INK, "fill_opacity": 0.55}], report.chart.comparison.label)


def _legend(items: Sequence[Item], top: float) -> tuple[list[str], float]:
    """The legend in as many lines as it needs, and where it ends."""
    drawn, x, y = [], float(MARGIN), top
    for item in items:
        if x > MARGIN and x + item.width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + LINE
        drawn += [svg.path([svg.box(x, y + 2, 10, 10)], **coat) for coat in item.coats]
        drawn.append(svg.text(item.words, x + 16, y + 11, fill=paints.INK))
        x += item.width
    return drawn, y + LINE


def _signs(report: Report, plot: Plot) -> Iterator[str]:
    """The numbers of what is told below, above their bars; of those at one place the first."""
    last = -100.0
    for place, number, _ in sorted(plot.layout["meta"]["signs"]):
        x, y = plot.x(place), plot.top - 13
        if x - last < 20:
            continue
        last = x
        yield svg.element("circle", cx=x, cy=y, r=9, fill=paints.SURFACE, stroke=paints.INK_2)
        yield svg.text(
            str(number), x, y + 4, text_anchor="middle", font_size=10, font_weight="600", fill=paints.INK
        )


def _foot(report: Report, top: float) -> tuple[list[str], float]:
    """What is to be said beside the numbers, and until when they were told; and where it ends."""
    remarks = [f"({remark.number}) {isolated(remark.text)}" for remark in report.remarks]
    more = [f"and {len(remarks) - MOST_REMARKS} more"] if len(remarks) > MOST_REMARKS else []
    as_of = report.numbers.as_of
    told = [f"As of {as_of.astimezone(report.span.zone):%-d %b %Y, %H:%M}"] if as_of else []
    words = [*remarks[:MOST_REMARKS], *more, *sentences_of(report), *told]
    lines = [cut(line, LONGEST_LINE) for line in words]
    drawn = [svg.text(line, MARGIN, top + place * SMALL + 8) for place, line in enumerate(lines)]
    return drawn, top + len(lines) * SMALL + MARGIN


def cut(words: str, most: int) -> str:
    """The beginning of a text that is too long for its place."""
    if signs_of(words) <= most:
        return words
    widths = accumulate(map(_width, words))
    fitting = sum(1 for width in widths if width < most)
    return f"{words[:fitting].rstrip()}…"


def signs_of(words: str) -> int:
    """How many signs of Latin are as wide as a text."""
    return sum(map(_width, words))


def _width(sign: str) -> int:
    """Signs of Chinese, Japanese and Korean are twice as wide as others."""
    return 2 if east_asian_width(sign) in {"W", "F"} else 1
