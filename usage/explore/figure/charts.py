"""What the usage chart shows, as a plain figure for plotly.js. Pure functions of a sheet, no plotly here.

Deltas are stacked bars over a linear axis of buckets. What nobody saw is hatched, interpolated bars are
lighter, those from before we watched are outlines, the bucket in progress is slashed. No colour is set here
and no name drawn: the page paints the figure in its theme, and has a legend, a hover box and signs of its
own, for which `layout.meta` holds the words.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil, floor
from typing import Any

import orjson

from common.templatetags.names import isolated
from usage.explore.figure.axes import amount_axis, time_axis
from usage.explore.figure.bars import bars, compared, gaps
from usage.explore.figure.hover import Comparison, hover
from usage.explore.figure.shapes import outline, stems, today, week_ends
from usage.explore.figure.signs import Sign
from usage.explore.query.dimensions import Dimension
from usage.explore.query.measures import Measure
from usage.explore.sheet.labels import span_label
from usage.explore.sheet.tables import Sheet

__all__ = ["Comparison", "Figure", "Sign", "describe", "script_json", "usage_figure"]

type Figure = dict[str, Any]

# What HTML would read as markup inside a script element, as JSON escapes.
ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})
# Above the bars is room for signs, in pixels.
HEADROOM = {True: 30, False: 10}


def usage_figure(
    sheet: Sheet,
    signs: Iterable[Sign] = (),
    now: datetime | None = None,
    comparison: Comparison | None = None,
) -> Figure:
    """The stacked bars of a sheet with everything that must be told beside them; `now` names today."""
    signs = list(signs)
    beside = [compared(comparison, sheet)] if comparison else []
    blocks = [outline(block) for block in sheet.blocks if block.sum]
    behind = [*week_ends(sheet.span), *today(sheet.span, now), *stems(signs)]
    amounts = amount_axis(*extremes(sheet, comparison), sheet.unit)
    heights = [row.total.drawn for row in sheet.rows]
    layout = {
        **plain_layout(has_signs=bool(signs)),
        "barmode": "relative",
        "xaxis": time_axis(sheet.span, now),
        "yaxis": amounts,
        "shapes": [*behind, *blocks],
        "meta": hover(sheet, signs, comparison),
    }
    return {"data": [*bars(sheet), *gaps(sheet, amounts["range"][1], heights), *beside], "layout": layout}


def script_json(figure: Figure) -> str:
    """A figure as JSON that may stand inside a script element."""
    return orjson.dumps(figure).decode().translate(ESCAPES)


def plain_layout(*, has_signs: bool) -> Figure:
    """What all our charts have in common."""
    return {
        "hovermode": False,
        "dragmode": False,
        "showlegend": False,
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "margin": {"l": 8, "r": 8, "t": HEADROOM[has_signs], "b": 8},
    }


def line(look: str, places: Sequence[float | None], heights: Sequence[float | None]) -> Figure:
    """What all lines and areas have in common."""
    return {
        "type": "scatter",
        "mode": "lines",
        "meta": {"look": look},
        "x": list(places),
        "y": list(heights),
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def extremes(sheet: Sheet, comparison: Comparison | None = None) -> tuple[int, int]:
    """How far the stacked bars, the blocks and what they are compared with reach below and above zero."""
    heights = [block.height for block in sheet.blocks]
    heights += filter(None, comparison.amounts if comparison else ())
    below, above = floor(min([0, *heights])), ceil(max([0, *heights]))
    for row in sheet.rows:
        amounts = [amount.certain for amount in row.amounts]
        rise = sum(amount for amount in amounts if amount > 0)
        below, above = min(below, sum(amounts) - rise), max(above, rise)
    return below, above


def describe(sheet: Sheet, metric: str, by: Sequence[Dimension]) -> str:
    """The chart in a sentence, for those who do not see it; `by` is what its series are told apart by."""
    grouped = " and ".join(dimension.label.lower() for dimension in by)
    ordered = sorted(sheet.columns, key=lambda column: -column.total.certain)
    parts = ", ".join(f"{isolated(column.label)} {column.total.words}" for column in ordered)
    title = f"{Measure(metric).name_in(sheet.unit)} by {grouped}"
    what = f"{title}, {span_label(sheet.span)}: {sheet.total.words} in all"
    return f"{what}; {parts}." if parts else f"{what}."
