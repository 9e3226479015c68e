"""What the usage chart shows, as a plain figure for plotly.js. Pure functions of a sheet, no plotly here.

Deltas are stacked bars. What nobody saw is hatched, interpolated bars are lighter, those from before we
watched are outlines, the bucket in progress is dotted; corrections and the like are marked at the top.
Text and grid colours are not set here: the page takes them from its theme when it draws. No text holds
markup but `<br>`: plotly.js writes bold as a style attribute, which our content security policy refuses.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor
from typing import Any

from common.templatetags.names import isolated
from usage.explore.sheet.block_rows import BlockRow
from usage.explore.sheet.labels import amount_ticks, span_label, ticks
from usage.explore.sheet.marks import Mark
from usage.explore.sheet.tables import Column, Row, Sheet

type Figure = dict[str, Any]

METRIC_LABELS = {"tokens": "Tokens", "requests": "Requests"}
HATCH = "#8a94a6"
OPACITY = {Mark.INTERPOLATED: 0.55, Mark.PARTLY_UNKNOWN: 0.8, Mark.PARTLY_NOT_SEEN_YET: 0.8}
# Of more blocks at one bucket its box tells nothing: the table does.
MOST_BESIDE = 2
PATTERN = {Mark.PROVISIONAL: "."}


@dataclass(frozen=True, slots=True)
class Sign:
    """Something to be told at one bucket: a sentence, and the sign that stands for it above the bars."""

    place: int
    sign: str
    text: str


def usage_figure(sheet: Sheet, metric: str, signs: Iterable[Sign] = ()) -> Figure:
    """The stacked bars of a sheet with everything that must be told beside them."""
    labels = [row.label for row in sheet.rows]
    bars = [bar for column in sheet.columns for bar in series(column, labels, sheet.rows)]
    extra = [gaps(labels, sheet.rows)] if any(row.unseen for row in sheet.rows) else []
    blocks = [block for block in sheet.blocks if block.sum]
    layout = usage_layout(sheet, metric) | {
        "annotations": [annotation(sign) for sign in signs],
        "shapes": list(map(outline, blocks)),
    }
    return {"data": [*bars, *extra, totals(labels, sheet)], "layout": layout}


def series(column: Column, labels: Sequence[str], rows: Sequence[Row]) -> Iterator[Figure]:
    """The bars of one model, and as outlines those from before we watched."""
    marks = [row.mark for row in rows]
    trace: Figure = {
        "type": "bar",
        "name": as_text(column.label),
        "x": labels,
        "y": [amount.drawn for amount in column.amounts],
        "marker": marker(column.colour, marks),
        "hovertemplate": "%{y:,.0f}",
    }
    outlined = [mark == Mark.BEFORE_WATCHING for mark in marks]
    if not any(outlined):
        yield trace
        return
    pairs = list(zip(trace["y"], outlined, strict=True))
    yield trace | {"y": [None if outline else amount for amount, outline in pairs]}
    yield trace | {
        "y": [amount if outline else None for amount, outline in pairs],
        "marker": {"color": faint(column.colour), "line": {"width": 1.5, "color": column.colour}},
    }


def marker(colour: str, marks: Sequence[Mark]) -> Figure:
    """How bars look by how they were seen; single values where all are alike keep the figure small."""
    look: Figure = {"color": colour, "line": {"width": 0}}
    if any(mark in OPACITY for mark in marks):
        look["opacity"] = [OPACITY.get(mark, 1.0) for mark in marks]
    if any(mark in PATTERN for mark in marks):
        shapes = [PATTERN.get(mark, "") for mark in marks]
        look["pattern"] = {"shape": shapes, "fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.7}
        look["pattern"] |= {"size": 6, "solidity": 0.2}
    return look


def as_text(name: str) -> str:
    """A name that others chose, for plotly.js, which would make links and bold of what looks like HTML."""
    return escape(isolated(name), quote=False)


def faint(colour: str) -> str:
    """A colour `#rrggbb`, nearly transparent."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.12)"


def gaps(labels: Sequence[str], rows: Sequence[Row]) -> Figure:
    """Hatched columns over the whole height where usage is not known, fainter where only a part is."""
    unseen = [row.unseen if row.mark != Mark.TO_COME else 0.0 for row in rows]
    return {
        "type": "bar",
        "name": "Not seen",
        "x": labels,
        "y": [1 if share else None for share in unseen],
        "yaxis": "y2",
        "width": 1,
        "marker": {
            "color": "rgba(138, 148, 166, 0.08)",
            "opacity": [0.35 + 0.65 * share for share in unseen],
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": HATCH, "size": 7, "solidity": 0.22, "fillmode": "overlay"},
        },
        "hoverinfo": "skip",
    }


def outline(block: BlockRow) -> Figure:
    """A block over its whole length, as high as it would be were it spread evenly; dotted where the edges of
    the chart cut it.
    """
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": block.first - 0.5,
        "x1": block.last + 0.5,
        "y0": 0,
        "y1": block.height,
        "layer": "below",
        "line": {"width": 1.5, "color": HATCH, "dash": "dot" if block.is_cut else "solid"},
        "fillcolor": "rgba(138, 148, 166, 0.08)",
    }


def totals(labels: Sequence[str], sheet: Sheet) -> Figure:
    """An invisible line, so that the hover box ends with the total and with what must be known of it."""
    beside: dict[int, list[str]] = {}
    for block in sheet.blocks:
        for place in range(block.first, block.last + 1) if block.sum else ():
            beside.setdefault(place, []).append(escape(block.words, quote=False))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Total",
        "x": labels,
        # Where nothing is known the line lies on the ground, to be pointed at; what is to come is not there.
        "y": [None if row.mark == Mark.TO_COME else row.total.drawn or 0 for row in sheet.rows],
        "text": [
            "<br>".join([str(row.total), *filter(None, [row.mark]), *beside.get(place, [])[:MOST_BESIDE]])
            for place, row in enumerate(sheet.rows)
        ],
        "line": {"width": 0, "color": "rgba(0, 0, 0, 0)"},
        "hovertemplate": "%{text}",
    }


def annotation(sign: Sign) -> Figure:
    """A sign above the bars that tells its sentence when pointed at."""
    return {
        "x": sign.place,
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "yanchor": "bottom",
        "text": sign.sign,
        "hovertext": "<br>".join(escape(line, quote=False) for line in sign.text.split("<br>")),
        "showarrow": False,
        "captureevents": True,
    }


def usage_layout(sheet: Sheet, metric: str) -> Figure:
    """Axes and hover box; the y axis starts at zero and says `1.2 M`. The page has a legend of its own."""
    places, texts = ticks(sheet.span)
    amounts, amount_texts = amount_ticks(*extremes(sheet))
    return {
        "barmode": "relative",
        "bargap": 0.18 if len(sheet.rows) <= 60 else 0.05,
        "hovermode": "x unified",
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "margin": {"l": 8, "r": 8, "t": 24, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [row.label for row in sheet.rows],
            "range": [-0.5, len(sheet.rows) - 0.5],
            "tickmode": "array",
            "tickvals": places,
            "ticktext": texts,
            "fixedrange": True,
            "showgrid": False,
            "showspikes": True,
            "spikemode": "across",
            "spikesnap": "data",
            "spikedash": "solid",
            "automargin": True,
            "tickangle": 0,
        },
        "yaxis": {
            "title": {"text": METRIC_LABELS[metric]},
            "rangemode": "tozero",
            "tickmode": "array",
            "tickvals": amounts,
            "ticktext": amount_texts,
            "fixedrange": True,
            "automargin": True,
            "zeroline": True,
        },
        "yaxis2": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
    }


def extremes(sheet: Sheet) -> tuple[int, int]:
    """How far the stacked bars and the blocks reach below and above zero."""
    heights = [block.height for block in sheet.blocks]
    below, above = floor(min([0, *heights])), ceil(max([0, *heights]))
    for row in sheet.rows:
        amounts = [amount.certain for amount in row.amounts]
        rise = sum(amount for amount in amounts if amount > 0)
        below, above = min(below, sum(amounts) - rise), max(above, rise)
    return below, above


def describe(sheet: Sheet, metric: str) -> str:
    """The chart in a sentence, for those who do not see it."""
    shares = ", ".join(f"{isolated(share.column.label)} {share.column.total}" for share in sheet.shares())
    what = f"{METRIC_LABELS[metric]} by model, {span_label(sheet.span)}: {sheet.total} in all"
    return f"{what}; {shares}." if shares else f"{what}."
