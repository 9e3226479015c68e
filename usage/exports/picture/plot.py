"""A figure of the chart page, drawn as SVG within a frame: bars, areas, lines, and what lies behind them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from typing import Any

from usage.explore.figure.charts import Figure
from usage.exports.picture import paints, svg
from usage.exports.picture.svg import n

PLACE = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
ANCHORS = {"left": "start", "right": "end", "center": "middle"}
TODAY = "Today"


@dataclass(frozen=True)
class Plot:
    """A figure within a frame, in pixels."""

    figure: Figure
    left: float
    top: float
    width: float
    height: float

    @property
    def layout(self) -> dict[str, Any]:
        """All of the figure but its traces."""
        layout: dict[str, Any] = self.figure["layout"]
        return layout

    def x(self, place: float) -> float:
        """Where a place of the time axis is."""
        first, last = self.layout["xaxis"]["range"]
        return self.left + (place - first) / (last - first) * self.width

    def y(self, amount: float) -> float:
        """Where an amount is."""
        low, high = self.layout["yaxis"]["range"]
        return self.top + (high - amount) / (high - low) * self.height

    def drawn(self) -> str:
        """All of it, what lies behind first."""
        behind = [shape for shape in self.layout["shapes"] if shape.get("layer") == "below"]
        before = [shape for shape in self.layout["shapes"] if shape.get("layer") != "below"]
        parts = [
            *map(self._shape, behind),
            *self._axes(),
            *self._bars(),
            *(self._line(trace) for trace in self.figure["data"] if trace["type"] != "bar"),
            *map(self._shape, before),
            *map(self._annotation, self.layout.get("annotations", ())),
        ]
        return svg.element("g", *parts)

    def _axes(self) -> Iterator[str]:
        across, up = self.layout["xaxis"], self.layout["yaxis"]
        right, bottom = self.left + self.width, self.top + self.height
        lines = [f"M{n(self.left)} {n(self.y(at))}H{n(right)}" for at in up["tickvals"]]
        yield svg.path(lines, stroke=paints.LINE, fill="none")
        for at, words in zip(up["tickvals"], up["ticktext"], strict=True):
            yield svg.text(words, self.left - 8, self.y(at) + 4, text_anchor="end")
        base = self.y(0) if up["zeroline"] else bottom
        yield svg.path([f"M{n(self.left)} {n(base)}H{n(right)}"], stroke=paints.INK_2, fill="none")
        for at, words in zip(across["tickvals"], across["ticktext"], strict=True):
            weight = {"font_weight": "600", "fill": paints.INK} if words == TODAY else {}
            yield svg.text(words, self.x(at), bottom + 18, text_anchor="middle", **weight)

    def _bars(self) -> Iterator[str]:
        """The stacks, from the ground up and from it down; then what stands on them."""
        above: dict[float, float] = defaultdict(float)
        below: dict[float, float] = defaultdict(float)
        for trace in self.figure["data"]:
            if trace["type"] != "bar":
                continue
            if "base" in trace:
                yield from self._gaps(trace)
                continue
            pieces = []
            for place, amount in places_of(trace):
                side = above if amount > 0 else below
                foot, side[place] = side[place], side[place] + amount
                pieces.append(self._box(place, trace["width"], foot, foot + amount))
            number = self.layout["meta"]["columns"][trace["meta"]["column"]][1]
            for coat in paints.worn(trace["meta"]["look"], number):
                yield svg.path(pieces, **coat)

    def _gaps(self, trace: Figure) -> Iterator[str]:
        """What nobody saw, fainter where that is a part only."""
        bars = list(zip(trace["x"], trace["base"], trace["y"], trace["marker"]["opacity"], strict=True))
        for faint, some in groupby(sorted(bars, key=lambda bar: bar[3]), key=lambda bar: bar[3]):
            pieces = [self._box(place, 1, base, base + height) for place, base, height, _ in some]
            yield svg.path(pieces, fill="url(#hatches)", opacity=faint)

    def _box(self, place: float, width: float, foot: float, head: float) -> str:
        low, high = sorted((foot, head))
        left, right = self.x(place - width / 2), self.x(place + width / 2)
        return svg.box(left, self.y(high), right - left, self.y(low) - self.y(high))

    def _line(self, trace: Figure) -> str:
        look = trace["meta"]["look"]
        if look == "compared":
            half = trace["error_x"]["value"]
            pieces = [
                f"M{n(self.x(place - half))} {n(self.y(amount))}H{n(self.x(place + half))}"
                for place, amount in enumerate(trace["y"])
                if amount is not None
            ]
            return svg.path(pieces, stroke_width=1.5, **paints.LINES[look])
        is_area = trace.get("fill") == "toself"
        pieces = [self._run(run) + "z" * is_area for run in runs_of(trace["x"], trace["y"])]
        if look == "area":
            number = self.layout["meta"]["columns"][trace["meta"]["column"]][1]
            return "".join(svg.path(pieces, **coat) for coat in paints.worn("plain", number))
        return svg.path(pieces, **paints.LINES[look], **stroke_of(trace["line"]))

    def _run(self, run: Sequence[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{n(self.x(place))} {n(self.y(amount))}" for place, amount in run)

    def _shape(self, shape: Figure) -> str:
        paint = paints.SHAPES[shape["name"]] | stroke_of(shape.get("line", {}))
        if shape["type"] == "path":
            found = PLACE.sub(lambda pair: self._of_paper(float(pair[1]), float(pair[2])), shape["path"])
            return svg.path([found], **paint)
        is_wide = shape.get("xref") == "paper"
        left, right = (
            (self.left, self.left + self.width) if is_wide else map(self.x, (shape["x0"], shape["x1"]))
        )
        top, bottom = self.y(max(shape["y0"], shape["y1"])), self.y(min(shape["y0"], shape["y1"]))
        if shape["type"] == "rect":
            return svg.path([svg.box(left, top, right - left, bottom - top)], **paint)
        return svg.path([f"M{n(left)} {n(bottom)}L{n(right)} {n(top)}"], **paint)

    def _of_paper(self, place: float, share: float) -> str:
        """A place in time, and a share of the height."""
        return f"{n(self.x(place))} {n(self.top + (1 - share) * self.height)}"

    def _annotation(self, told: dict[str, Any]) -> str:
        x = self.left + told["x"] * self.width if told.get("xref") == "paper" else self.x(told["x"])
        y = self.y(told["y"]) + (-5 if told.get("yanchor") == "bottom" else 14)
        ink = paints.BAD_INK if told["name"] == "limit" else paints.INK
        halo: paints.Paint = {"stroke": paints.SURFACE, "stroke_width": 3.0, "paint_order": "stroke"}
        anchor = ANCHORS[told["xanchor"]]
        return svg.text(unescape(told["text"]), x, y, text_anchor=anchor, font_weight="600", fill=ink, **halo)


def places_of(trace: Figure) -> list[tuple[float, float]]:
    """The bars of a trace that are there: place and amount."""
    places = trace.get("x", range(len(trace["y"])))
    return [(place, amount) for place, amount in zip(places, trace["y"], strict=True) if amount]


def runs_of(
    places: Sequence[float | None], amounts: Sequence[float | None]
) -> Iterator[list[tuple[float, float]]]:
    """The pieces of a line, which breaks off where nothing is told."""
    run: list[tuple[float, float]] = []
    for place, amount in zip(places, amounts, strict=True):
        if place is not None and amount is not None:
            run.append((place, amount))
        elif run:
            yield run
            run = []
    if run:
        yield run


def stroke_of(line: dict[str, Any]) -> dict[str, Any]:
    """The width and dashes of a line, as attributes."""
    dash = paints.DASHES.get(line.get("dash", ""))
    return {"stroke_width": line.get("width", 0), **({"stroke_dasharray": dash} if dash else {})}
