"""The axes of a chart, with places and texts of our own: x counts buckets, y says `1.2 M`. Pure."""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import floor, log10
from typing import Any

from usage.claims import COUNT, MINUS, Unit
from usage.explore.query.spans import Span, Step
from usage.explore.sheet.labels import is_midnight

TICKS = 8
AMOUNT_TICKS = 5
TODAY = "Today"
# Without a year, days of longer spans would read alike.
LONG = timedelta(days=300)
# Midnights are told where more than two days are shown.
FEW_DAYS = timedelta(hours=50)


def time_axis(span: Span, now: datetime | None = None) -> dict[str, Any]:
    """The axis of buckets, numbered from 0; `now` names today."""
    places, texts = ticks(span, now)
    return {
        "type": "linear",
        "range": [-0.5, len(span.buckets()) - 0.5],
        "tickmode": "array",
        "tickvals": places,
        "ticktext": texts,
        "tickangle": 0,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "automargin": True,
    }


def place_at(span: Span, at: datetime) -> float:
    """Where an instant lies on the axis of buckets, no further than its ends."""
    edges = span.edges()
    place = min(max(bisect_right(edges, at) - 1, 0), len(edges) - 2)
    start, end = edges[place : place + 2]
    return round(place - 0.5 + min(max((at - start) / (end - start), 0.0), 1.0), 3)


@lru_cache(maxsize=64)
def local_starts(span: Span) -> tuple[datetime, ...]:
    """When each bucket begins, on the clocks of the span's zone. A page asks several times."""
    return tuple(start.astimezone(span.zone) for start, _ in span.buckets())


def ticks(span: Span, now: datetime | None = None) -> tuple[list[float], list[str]]:
    """At most eight places with short labels, so that the last of them may be today's. A bucket shorter than
    a day is labelled at the instant where it begins, a longer one in its middle.
    """
    return _ticks(span, now.astimezone(span.zone).date() if now else None)


@lru_cache(maxsize=64)
def _ticks(span: Span, today: date | None) -> tuple[list[float], list[str]]:
    starts, is_across_days = local_starts(span), span.end - span.start > FEW_DAYS
    ticked = [place for place, start in enumerate(starts) if is_tick(span.step, start, is_across_days)]
    named = {place for place in ticked if starts[place].date() == today} if is_across_days else set()
    shift = 0.5 if span.step.length else 0.0
    ticked = few(ticked, min(named, default=ticked[-1] if ticked else 0))
    texts = [TODAY if place in named else label_of(span, starts[place]) for place in ticked]
    return [place - shift for place in ticked], texts


def few(places: list[int], kept: int) -> list[int]:
    """At most as many places as there is room for, evenly, one of which is kept."""
    every = -(-len(places) // TICKS) or 1
    rest = places.index(kept) % every if places else 0
    return places[rest::every]


def is_tick(step: Step, start: datetime, is_across_days: bool) -> bool:
    """Tell whether a bucket may carry a label: midnights over many days, every third hour within few."""
    if not step.length:
        return True
    return is_midnight(start) if is_across_days else start.minute == 0 and start.hour % 3 == 0


def label_of(span: Span, start: datetime) -> str:
    """The short label of a bucket that begins here."""
    if span.step == Step.MONTH:
        return f"{start:%b %Y}"
    if span.step.length and span.end - span.start <= FEW_DAYS and not is_midnight(start):
        return f"{start:%H:%M}"
    return f"{start:%-d %b %Y}" if span.end - span.start > LONG else f"{start:%-d %b}"


def amount_axis(low: float, high: float, unit: Unit = COUNT) -> dict[str, Any]:
    """The axis of amounts, from zero or below to a place above the tallest bar."""
    places, texts = amount_ticks(low, high, unit)
    return {
        "range": [min(places[0], 1.1 * low), places[-1]],
        "tickmode": "array",
        "tickvals": places,
        "ticktext": texts,
        "fixedrange": True,
        "automargin": True,
        "zeroline": low < 0,
    }


def amount_ticks(low: float, high: float, unit: Unit = COUNT) -> tuple[list[int], list[str]]:
    """Round places on the axis of amounts from `low` (0 or less) to `high`, the last one above it; of money
    that one says the currency, once for all. For less than half a step below zero there is no place: a small
    correction takes no room from the bars.
    """
    raw = max((high - low) / AMOUNT_TICKS, 1)
    power = 10 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    places = list(range(floor(low / step + 0.5) * step, floor(high / step + 1) * step + 1, step))
    # With 0.50 stands 1.00.
    is_whole = all(unit.value(place) % 1 == 0 for place in places)
    texts = [
        (unit.compact(place) if is_whole else unit.number(place)).replace("-", MINUS) for place in places
    ]
    return places, [*texts[:-1], f"{texts[-1]} {unit.currency}".rstrip()]
