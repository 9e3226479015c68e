"""A chart with everything around it: what it shows and since when, its legend, and what is told beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from unicodedata import east_asian_width

from usage.explore.figure.charts import Figure
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
LONGEST_TITLE, LONGEST_NAME, LONGEST_LINE = 90, 48, 130


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


@dataclass(frozen=True, slots=True)
class Told:
    """What a picture shows: a `figure`, in words, and what stands around it. `under` is the line below the
    title, `items` are the legend, and `lines` what is to be said beside the numbers.
    """

    figure: Figure
    description: str
    title: str
    under: str
    items: Sequence[Item]
    lines: Sequence[str]


def picture(told: Told) -> str:
    """A chart with everything around it, as SVG."""
    legend, top = _legend(told.items, MARGIN + 52.0)
    plot = Plot(told.figure, MARGIN + AXIS, top + 26, WIDTH - 2 * MARGIN - AXIS, PLOT_HEIGHT)
    foot, bottom = _foot(told.lines, plot.top + PLOT_HEIGHT + DAYS)
    parts = [
        svg.element("title", svg.escaped(told.description)),
        f"<defs>{paints.PATTERNS}</defs>",
        svg.element("rect", width=WIDTH, height=bottom, fill=paints.SURFACE),
        svg.text(
            cut(told.title, LONGEST_TITLE),
            *(MARGIN, MARGIN + 12),
            font_size=18,
            font_weight="600",
            fill=paints.INK,
        ),
        svg.text(told.under, MARGIN, MARGIN + 34, font_size=13),
        *legend,
        plot.drawn(),
        *_signs(plot),
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


def _signs(plot: Plot) -> Iterator[str]:
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


def _foot(words: Sequence[str], top: float) -> tuple[list[str], float]:
    """The lines below the chart, and where they end."""
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
