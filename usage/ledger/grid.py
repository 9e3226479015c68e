"""Buckets over knots: cumulative amounts at any instant, the numbers of quarters in UTC, days in any zone.

Between knots F is a straight line. A bucket is floor(F(end)) − floor(F(start)), so that buckets are integers
that always add up. All arithmetic is on integers; no float comes near it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from usage.ledger.words import Amounts, LedgerKnot, SeriesKey, microseconds, moment

QUARTER_SECONDS = 900
QUARTER = QUARTER_SECONDS * 1_000_000
ONE_DAY = timedelta(days=1)


def quarter_number(at: int) -> int:
    """The number of the quarter in which usage counted up to `at` falls: for counters it is (start, end]."""
    return -(-at // QUARTER)


def quarter_end(number: int) -> datetime:
    """The end of a quarter as an aware datetime in UTC."""
    return moment(number * QUARTER)


def value_at(knots: Sequence[LedgerKnot], series: SeriesKey, at: int) -> int:
    """floor(F(at)) of a series: flat before the first knot and after the last."""
    if not knots:
        return 0
    index = bisect_right(knots, at, key=lambda knot: knot.at)
    if index == 0:
        return knots[0].values.get(series, 0)
    if index == len(knots):
        return knots[-1].values.get(series, 0)
    return between(knots[index - 1], knots[index], series, at)


def between(before: LedgerKnot, after: LedgerKnot, series: SeriesKey, at: int) -> int:
    """floor(F(at)) on the straight line between two knots."""
    start = before.values.get(series, 0)
    rise = after.values.get(series, 0) - start
    return start + rise * (at - before.at) // (after.at - before.at)


def bucket(knots: Sequence[LedgerKnot], series: SeriesKey, start: int, end: int) -> int:
    """What a series used in [start, end), in integer microseconds."""
    return value_at(knots, series, end) - value_at(knots, series, start)


def moved(before: Amounts, after: Amounts) -> Iterator[SeriesKey]:
    """The series whose amounts differ."""
    for series, value in after.items():
        if before.get(series, 0) != value:
            yield series
    for series in before.keys() - after.keys():
        yield series


def day_start(day: date, zone: ZoneInfo) -> int:
    """The first instant of a local day in integer microseconds, also where clocks skip midnight."""
    # A midnight that does not exist is read with the offset from before the gap: the same instant in UTC as
    # the first that does exist. One that comes twice is taken the first time (fold=0).
    return microseconds(datetime.combine(day, time(), zone))


def local_day(number: int, zone: ZoneInfo) -> date:
    """The local day of a quarter, by its start: offsets are whole quarters of an hour."""
    return (quarter_end(number) - timedelta(seconds=QUARTER_SECONDS)).astimezone(zone).date()


def days(start: date, end: date, zone: ZoneInfo) -> list[tuple[int, int]]:
    """The local days of [start, end) as half-open spans in integer microseconds: 23, 24 or 25 hours long."""
    edges = [day_start(start + timedelta(days=index), zone) for index in range((end - start).days + 1)]
    return list(pairwise(edges))
