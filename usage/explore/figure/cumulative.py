"""What was used since a billing period began: stacked areas that start again with each, the limit, the period
before, and what is expected. Pure functions of a sheet.

The axis is that of the bars: a bucket ends half a bucket after its number. Areas reach down to zero and are
painted from the top of the stack to its foot, which keeps each of them short. Where nobody saw anything they
break off, and go on as high as before: from there on all is "at least".
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from usage.claims import COUNT, UNKNOWN, Amount, Unit
from usage.explore.figure.axes import amount_axis, place_at, time_axis
from usage.explore.figure.bars import gaps
from usage.explore.figure.burn import Burn
from usage.explore.figure.charts import Figure, line, plain_layout
from usage.explore.figure.hover import Comparison, hover
from usage.explore.figure.shapes import stems
from usage.explore.figure.signs import Sign
from usage.explore.figure.veils import steps, veils
from usage.explore.query.measures import Measure
from usage.explore.query.spans import Span
from usage.explore.sheet.labels import span_label
from usage.explore.sheet.tables import Sheet
from usage.quota.forecast.course import Forecast

SO_FAR, EXPECTED = "So far", "Expected"


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be used in a period, and what the limit is called: `own budget 68 M`."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the areas: the limit; the period before, added up to the end of each bucket; what is
    expected; numbered signs; until when the last bucket was told.
    """

    limit: Limit | None = None
    past: Comparison | None = None
    forecast: Forecast | None = None
    signs: Sequence[Sign] = ()
    as_of: datetime | None = None


def cumulative_figure(sheet: Sheet, burn: Burn, beside: Beside, now: datetime | None = None) -> Figure:
    """The burn-up of a sheet."""
    axis = amount_axis(burn.lowest, highest(burn, beside), sheet.unit)
    seen = [row.total.drawn is not None for row in sheet.rows]
    heights = [total.drawn if is_seen else 0 for total, is_seen in zip(burn.totals, seen, strict=False)]
    told = hover(sheet, beside.signs, beside.past) | {
        "total": SO_FAR,
        "totals": {str(n): total.words for n, total in enumerate(burn.totals) if not total.is_known},
    }
    if beside.forecast:
        told = with_expected(told, sheet, beside.forecast)
    newest = len(burn.totals) - 1
    until = last_place(sheet.span, newest, beside.as_of, is_newest=True)
    traces = [
        *areas(sheet, burn, beside.as_of),
        *veils(sheet, burn, until),
        *gaps(sheet, axis["range"][1], heights),
        *(past(beside.past, burn.restarts) if beside.past else ()),
        *(expected(beside.forecast, sheet.span) if beside.forecast else ()),
    ]
    layout = {
        **plain_layout(has_signs=bool(beside.signs)),
        "xaxis": time_axis(sheet.span, now),
        "yaxis": axis,
        "shapes": [*stems(beside.signs), *steps(sheet, burn)],
        "annotations": [range_label(beside.forecast, sheet)] if beside.forecast else [],
        "meta": told,
    }
    if limit := beside.limit:
        crossed = list(crossing(sheet, burn, limit, beside.forecast))
        layout["shapes"] += limits(limit, crossed)
        layout["annotations"] += limit_labels(limit, crossed, len(sheet.rows))
    return {"data": traces, "layout": layout}


def areas(sheet: Sheet, burn: Burn, as_of: datetime | None) -> Iterator[Figure]:
    """The stacks, the highest first, so that each lies upon the one above it."""
    for number in reversed(range(len(sheet.columns))):
        places: list[float | None] = []
        heights: list[int | None] = []
        for first, last in burn.pieces:
            end = last_place(sheet.span, last, as_of, is_newest=last == len(burn.totals) - 1)
            start = first - 0.5
            places += [start, start, *(place + 0.5 for place in range(first, last)), end, end, None]
            stack = burn.stacks[number][first : last + 1]
            heights += [0, burn.before(number, first), *stack, 0, None]
        yield {
            **line("area", places[:-1], heights[:-1]),
            "meta": {"column": number, "look": "area"},
            "fill": "toself",
            "line": {"width": 0},
        }


def last_place(span: Span, place: int, as_of: datetime | None, *, is_newest: bool) -> float:
    """Where the area of a bucket ends: with it, but the newest no later than it was told."""
    told = place_at(span, as_of) if as_of and is_newest else place + 0.5
    return min(max(told, place - 0.5), place + 0.5)


def past(comparison: Comparison, restarts: Collection[int]) -> Iterator[Figure]:
    """A line from zero through what was used in the period before, for each period that is shown; with a
    halo, as it runs over areas of any colour.
    """
    places: list[float | None] = []
    heights: list[int | None] = []
    for place, amount in enumerate(comparison.amounts):
        if place == 0 or place in restarts:
            places += [None, place - 0.5] if place else [-0.5]
            heights += [None, 0] if place else [0]
        places.append(place + 0.5)
        heights.append(amount)
    yield line("halo", places, heights) | {"line": {"width": 4}}
    yield line("past", places, heights) | {"name": comparison.label, "line": {"width": 1.5}}


def expected(forecast: Forecast, span: Span) -> Iterator[Figure]:
    """A cone from P10 to P90, and a dashed line through its middle."""
    places = [place_at(span, point.at) for point in forecast.points]
    low, high = [point.low for point in forecast.points], [point.high for point in forecast.points]
    cone = line("range", [*places, *reversed(places)], [*high, *reversed(low)])
    yield cone | {"fill": "toself", "line": {"width": 0}}
    middle = line("middle", places, [point.middle for point in forecast.points])
    yield middle | {"line": {"width": 1.5, "dash": "dash"}}


def limits(limit: Limit, crossed: Iterable[tuple[float, str]]) -> Iterator[dict[str, Any]]:
    """The limit as a dashed line over the whole width, and dotted ones where it is crossed."""
    across = {"xref": "paper", "x0": 0, "x1": 1, "y0": limit.amount, "y1": limit.amount}
    yield {"name": "limit", "type": "line", **across, "line": {"width": 1.25, "dash": "dash"}}
    for place, _ in crossed:
        down = {"x0": place, "x1": place, "y0": 0, "y1": limit.amount}
        yield {"name": "crossing", "type": "line", **down, "line": {"width": 1, "dash": "dot"}}


def limit_labels(limit: Limit, crossed: Iterable[tuple[float, str]], count: int) -> Iterator[dict[str, Any]]:
    """The limit's name above its line, and the days on which it is crossed below it."""
    name = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom"}
    yield label("limit", limit.label, name | {"y": limit.amount})
    for place, words in crossed:
        side = {"x": place, "xanchor": "right" if place > count / 2 else "left", "yanchor": "top"}
        yield label("crossing", words, side | {"y": limit.amount})


def label(name: str, text: str, place: dict[str, Any]) -> dict[str, Any]:
    """A text on the chart; plotly.js would make links of what looks like HTML."""
    return {"name": name, "text": escape(text, quote=False), "showarrow": False, "borderpad": 2, **place}


def crossing(
    sheet: Sheet, burn: Burn, limit: Limit, forecast: Forecast | None
) -> Iterator[tuple[float, str]]:
    """Where the limit was or will be crossed, with its day; nothing where it will not, as far as is known."""
    span, reached = sheet.span, burn.reached(limit.amount)
    if reached is not None:
        yield reached + 0.5, day(sheet.rows[reached].start, span)
    elif forecast:
        found = forecast.crossing(limit.amount)
        if found.likely:
            yield place_at(span, found.likely), day(found.likely, span)
        elif found.earliest:
            yield place_at(span, found.earliest), f"{day(found.earliest, span)} at the earliest"


def day(at: datetime, span: Span) -> str:
    """`Sun 29 Nov`, in the zone of a span."""
    return f"{at.astimezone(span.zone):%a %-d %b}"


def range_label(forecast: Forecast, sheet: Sheet) -> dict[str, Any]:
    """What the period ends at, above the end of the cone."""
    end = forecast.end
    place = {"x": place_at(sheet.span, end.at), "y": end.high, "xanchor": "right", "yanchor": "bottom"}
    return label("range", range_words(end.low, end.high, sheet.unit), place)


def range_words(low: int, high: int, unit: Unit = COUNT) -> str:
    """`70.1 – 72.9 M`, `≈ 70.10 – 72.95 EUR`: the thousands once where both have the same."""
    first, last = _figure(low, unit), _figure(high, unit)
    number, _, size = first.partition(" ")
    words = f"{number if size and last.endswith(f' {size}') else first} – {last}" if first != last else last
    about = "\N{ALMOST EQUAL TO} " if unit.is_estimate else ""
    return f"{about}{words}{f' {unit.currency}' if unit.currency else ''}"


def _figure(amount: int, unit: Unit) -> str:
    """Three digits; of thousands of money all of them, as nobody says 1.18 k of it."""
    is_told_whole = unit.currency and 10**3 <= unit.value(amount) < 10**6
    return f"{unit.value(amount):,.0f}" if is_told_whole else unit.compact(amount)


def with_expected(told: dict[str, Any], sheet: Sheet, forecast: Forecast) -> dict[str, Any]:
    """What the box says, with the range that is expected at the end of each bucket to come."""
    titles, totals = list(told["titles"]), dict(told["totals"])
    for row in sheet.rows[len(titles) :]:
        if row.start >= forecast.end.at:
            break
        point = forecast.at(min(row.end, forecast.end.at))
        totals[str(len(titles))] = range_words(point.low, point.high, sheet.unit)
        titles.append(row.label)
    said = [*told["said"], *([] for _ in titles[len(told["said"]) :])]
    expected = {"begun": len(told["titles"]), "expected": EXPECTED}
    return told | expected | {"titles": titles, "totals": totals, "said": said}


def describe_burn(span: Span, totals: Sequence[Amount], metric: str, beside: Beside) -> str:
    """A burn-up of such sums in a sentence, for those who do not see it."""
    newest = totals[-1] if totals else UNKNOWN
    sums = f"{Measure(metric).name_in(newest.unit)} as it adds up, {span_label(span)}"
    parts = [f"{sums}: {newest.words} {SO_FAR.lower()}"]
    if beside.limit:
        parts.append(beside.limit.label)
    if beside.forecast:
        end = beside.forecast.end
        parts.append(f"expected {range_words(end.low, end.high, newest.unit)}")
    if beside.past and (before := [amount for amount in beside.past.amounts if amount is not None]):
        parts.append(f"{beside.past.label}: {newest.unit.words(before[-1])}")
    return f"{'; '.join(parts)}."


def highest(burn: Burn, beside: Beside) -> int:
    """How far anything reaches up."""
    heights: Iterable[int | None] = [
        burn.highest,
        beside.limit.amount if beside.limit else None,
        *(beside.past.amounts if beside.past else ()),
        *(point.high for point in (beside.forecast.points if beside.forecast else ())),
    ]
    return max(height for height in (0, *heights) if height is not None)
