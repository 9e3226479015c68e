"""The bars of a chart: deltas stacked by series, one trace for each look, so that traces stay small. Pure.

Bars stand at the numbers of their buckets, from 0. Colours are not set here: the page paints a trace by its
series' number and its look, in whichever theme it has.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from usage.explore.figure.hover import Comparison, begun
from usage.explore.figure.quality import MARKERS, Look, look_of
from usage.explore.sheet.tables import Sheet

type Trace = dict[str, Any]

# What stays free between two bars: less where there are many.
FEW_BUCKETS = 60
GAPS = {True: 0.28, False: 0.1}


def width_of(count: int) -> float:
    """How wide the bars of so many buckets are, in buckets."""
    return 1 - GAPS[count <= FEW_BUCKETS]


def bars(sheet: Sheet) -> Iterator[Trace]:
    """All series from the ground up; amounts that are not known have no bar."""
    looks = [look_of(row) for row in begun(sheet)]
    width = width_of(len(sheet.rows))
    for number, column in enumerate(sheet.columns):
        amounts = [amount.drawn for amount in column.amounts[: len(looks)]]
        for look in dict.fromkeys([Look.PLAIN, *looks]):
            yield {
                "type": "bar",
                "meta": {"column": number, "look": look},
                **_placed(amounts, looks, look),
                "width": width,
                "marker": MARKERS[look],
                "hoverinfo": "skip",
            }


def _placed(amounts: Sequence[int | None], looks: Sequence[Look], look: Look) -> Trace:
    """The amounts of one look: those of most buckets stand in order, the others at places of their own."""
    if look == Look.PLAIN:
        plain = [amount if each == look else None for amount, each in zip(amounts, looks, strict=True)]
        return {"y": plain if any(amount is not None for amount in plain) else []}
    places = [place for place, each in enumerate(looks) if each == look]
    return {"x": places, "y": [amounts[place] for place in places]}


def gaps(sheet: Sheet, top: float, heights: Sequence[int | None]) -> Iterator[Trace]:
    """Hatched columns up to the top where usage is not known, fainter where only a part is; they stand on
    what is drawn in each bucket.
    """
    rows = {place: row for place, row in enumerate(begun(sheet)) if row.unseen}
    if not rows:
        return
    bases = [max(heights[place] or 0, 0) for place in rows]
    faintness = [round(0.35 + 0.65 * row.unseen, 2) for row in rows.values()]
    yield {
        "type": "bar",
        "name": "Not seen",
        "meta": {"look": Look.HATCHED},
        "x": list(rows),
        "y": [top - base for base in bases],
        "base": bases,
        "width": 1,
        "marker": MARKERS[Look.HATCHED] | {"opacity": faintness},
        "hoverinfo": "skip",
    }


def compared(comparison: Comparison, sheet: Sheet) -> Trace:
    """A thin line over each bar where another span's amount stands."""
    half = width_of(len(sheet.rows)) / 2 + 0.05
    return {
        "type": "scatter",
        "mode": "markers",
        "name": comparison.label,
        "meta": {"look": "compared"},
        "y": list(comparison.amounts),
        "marker": {"opacity": 0, "size": 1},
        "error_x": {"type": "constant", "value": round(half, 2), "width": 0, "thickness": 1.5},
        "cliponaxis": True,
        "hoverinfo": "skip",
    }
