"""What lies behind the bars: week-ends, today, stretches over their whole length, stems of signs. Pure.

A shape's name is its colour: the page paints it in its theme. Many of one kind are a single path, which
keeps the figure small.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from usage.explore.figure.axes import local_starts
from usage.explore.figure.signs import Sign
from usage.explore.query.spans import Span, Step
from usage.explore.sheet.block_rows import BlockRow

# Days have up to 25 hours.
DAY = timedelta(hours=26)
SATURDAY = 5
# Steps that are longer than a day.
CALENDAR = {Step.WEEK, Step.MONTH}


def week_ends(span: Span) -> Iterator[dict[str, Any]]:
    """The buckets of Saturdays and Sundays, where buckets are no longer than days."""
    places = _days(span, lambda start: start.weekday() >= SATURDAY)
    if places:
        yield _band("weekend", _runs(places))


def today(span: Span, now: datetime | None) -> Iterator[dict[str, Any]]:
    """The buckets of the day that it is now, where other days stand beside it."""
    day = now.astimezone(span.zone).date() if now else None
    places = _days(span, lambda start: start.date() == day)
    if places:
        yield _band("today", _runs(places))


def _days(span: Span, is_meant: Callable[[datetime], bool]) -> list[int]:
    """The buckets of some local days; none where buckets are longer than days, or all are of one."""
    if span.step in CALENDAR or span.end - span.start < DAY:
        return []
    return [place for place, start in enumerate(local_starts(span)) if is_meant(start)]


def stems(signs: Iterable[Sign]) -> Iterator[dict[str, Any]]:
    """A dotted line below each sign, down to its bar."""
    path = "".join(f"M{place},0L{place},1" for place in sorted({sign.place for sign in signs}))
    if path:
        line = {"width": 1, "dash": "dot"}
        yield {"name": "stem", "type": "path", "path": path, "yref": "paper", "layer": "below", "line": line}


def outline(block: BlockRow) -> dict[str, Any]:
    """A block over its whole length, as high as it would be were it spread evenly; dotted where the edges of
    the chart cut it.
    """
    return {
        "name": "stretch",
        "type": "rect",
        "x0": block.first - 0.5,
        "x1": block.last + 0.5,
        "y0": 0,
        "y1": block.height,
        "layer": "below",
        "line": {"width": 1.5, "dash": "dot" if block.is_cut else "solid"},
    }


def _band(name: str, runs: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """Columns over the whole height of the chart."""
    path = "".join(
        f"M{first - 0.5:g},0L{last + 0.5:g},0L{last + 0.5:g},1L{first - 0.5:g},1Z" for first, last in runs
    )
    return {
        "name": name,
        "type": "path",
        "path": path,
        "yref": "paper",
        "layer": "below",
        "line": {"width": 0},
    }


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of numbers that follow each other."""
    for _, group in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        numbers = [place for _, place in group]
        yield numbers[0], numbers[-1]
