from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from tests.usage.explore.query.questions import (
    BERLIN,
    TIME,
    ZONES,
    calendars,
    comparisons,
    placed,
    queries,
)
from usage.explore.query.comparison import Comparison
from usage.explore.query.pairing import Pairing, pairing_of
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query
from usage.explore.query.team_time import TeamTime
from usage.explore.query.words import compared_words, comparison_words

LONG_AFTER = datetime(2027, 6, 15, 9, tzinfo=UTC)


def pairing(address: str, calendar: TeamTime = TIME) -> Pairing:
    found = pairing_of(placed(address, calendar))
    assert found
    return found


def words(address: str, calendar: TeamTime = TIME) -> str:
    return compared_words(pairing(address, calendar), calendar)


@lru_cache
def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day, found by looking at every quarter of an hour around it."""
    at = datetime.combine(day - timedelta(days=1), time(), UTC) - timedelta(hours=15)
    while at.astimezone(zone).date() < day:
        at += timedelta(minutes=15)
    return at


@pytest.mark.parametrize(
    ("address", "compared"),
    [
        ("period=last-week&compare=previous", "9 – 15 Nov"),
        ("period=last-week&compare=week", "9 – 15 Nov"),
        ("period=last-week&compare=month", "19 – 25 Oct"),
        ("period=last-week&compare=year", "17 – 23 Nov 2025"),
        ("period=last-week&compare=2026-09-21..2026-09-27", "21 – 27 Sep"),
        ("period=last-month&compare=previous", "1 – 30 Sep"),
        ("period=last-billing&compare=previous", "1 – 30 Sep"),
        ("period=last-year&compare=previous", "1 Jan – 31 Dec 2024"),
        ("period=yesterday&compare=previous", "Sat 21 Nov"),
        ("period=yesterday&compare=week", "Sun 15 Nov"),
        ("start=2026-11-02&end=2026-11-05&compare=previous", "29 Oct – 1 Nov"),
        ("start=2026-11-20T10:00Z&end=2026-11-20T14:00Z&compare=previous", "Fri 20 Nov, 06:00 – 10:00"),
        ("period=24h&until=2026-11-20&compare=previous", "Wed 18 Nov"),
        ("start=2025-12-29&end=2026-01-04&compare=previous", "22 – 28 Dec 2025"),
    ],
)
def test_the_days_that_are_compared_have_names(address: str, compared: str) -> None:
    assert words(address) == compared


@pytest.mark.parametrize(
    ("address", "compared"),
    [
        ("period=week&compare=previous", "Mon 16 Nov, to 12:00"),
        ("period=month&compare=previous", "1 – 23 Oct, 12:00"),
        ("period=7d&compare=previous", "10 – 16 Nov, 12:00"),
        ("period=billing&compare=previous", "1 – 23 Oct, 12:00"),
        ("period=month&complete=1&compare=previous", "1 – 22 Oct"),
        ("period=7d&complete=1&compare=previous", "9 – 15 Nov"),
    ],
)
def test_what_goes_on_is_compared_as_far_as_it_has_gone(address: str, compared: str) -> None:
    assert words(address) == compared


@pytest.mark.parametrize("compare", ["week", "month", "year"])
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 3, 1), date(2026, 1, 1), date(2025, 12, 31)])
def test_a_monday_is_compared_with_a_monday(compare: str, day: date) -> None:
    found = pairing(f"start={day}&end={day}&compare={compare}")
    assert found.start.weekday() == day.weekday()


def test_an_open_hour_of_a_long_day_is_compared_with_as_much_of_a_short_one() -> None:
    # 25 October has 25 hours in Berlin; at 20:07 local time 21 of them and 7 minutes have passed.
    calendar = TeamTime(BERLIN, datetime(2026, 10, 25, 19, 7, tzinfo=UTC))
    found = pairing("period=today&compare=previous", calendar)
    assert found.cut - found.start == timedelta(hours=21)
    assert compared_words(found, calendar) == "Sat 24 Oct, to 21:00"


def test_the_hour_that_a_day_has_more_is_compared_with_none() -> None:
    calendar = TeamTime(BERLIN, LONG_AFTER)
    long = pairing("start=2026-10-25&end=2026-10-25&step=hour&compare=previous", calendar)
    assert long.places == (*range(24), None)
    short = pairing("start=2026-03-29&end=2026-03-29&step=hour&compare=previous", calendar)
    assert short.places == tuple(range(23))
    assert len(short.edges) - 1 == 24


def test_days_after_a_change_of_clocks_begin_together() -> None:
    calendar = TeamTime(BERLIN, LONG_AFTER)
    found = pairing("start=2026-10-24&end=2026-10-27&step=6h&compare=week", calendar)
    # The long day has a fifth part of one hour.
    assert found.places == (0, 1, 2, 3, 4, 5, 6, 7, None, 8, 9, 10, 11, 12, 13, 14, 15)


def test_months_are_compared_with_months_and_the_31st_with_none() -> None:
    quarters = pairing("period=last-quarter&step=month&compare=previous")
    assert [start.month for start in quarters.edges[:-1]] == [4, 5, 6]
    assert quarters.places == (0, 1, 2)
    october = pairing("period=last-month&step=day&compare=previous")
    assert october.places == (*range(30), None)


def test_a_shorter_month_is_compared_with_all_of_a_longer_one() -> None:
    found = pairing("period=month&until=2026-10-01&step=day&compare=previous")
    assert (found.end - found.start).days == 31
    assert found.places == tuple(range(30))
    assert found.cut == found.end


def test_weeks_that_begin_elsewhere_are_compared_by_their_days() -> None:
    found = pairing("start=2026-10-01&end=2026-10-31&step=week&compare=2026-09-01..2026-09-30")
    # 1 October was a Thursday: its first bucket has four days, and so has that of Tuesday, 1 September.
    assert [(end - start).days for start, end in pairwise(found.edges)] == [4, 7, 7, 7, 5]
    assert found.places == (0, 1, 2, 3, 4)


def test_where_nothing_lies_before_there_is_nothing_to_compare() -> None:
    assert pairing_of(placed("period=billing&until=2026-09-01&compare=previous")) is None
    assert pairing_of(placed("period=7d")) is None


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("period=30d&compare=previous", "30 days before"),
        ("period=week&compare=previous", "last week"),
        ("period=last-week&compare=previous", "week before"),
        ("period=today&compare=previous", "yesterday"),
        ("period=billing&compare=previous", "billing period before"),
        ("start=2026-11-02&end=2026-11-05&compare=previous", "4 days before"),
        ("period=30d&compare=year", "same days 52 weeks before"),
        ("period=30d&compare=2026-09-21..2026-09-27", "21 – 27 Sep"),
        ("period=30d", "nothing"),
    ],
)
def test_a_comparison_is_called_by_what_it_is(address: str, label: str) -> None:
    assert comparison_words(placed(address)) == label


CHANGES = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 4, 24),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2018, 11, 4),
    date(2018, 2, 18),
    date(2018, 5, 13),
    date(2011, 12, 30),
    date(2024, 2, 29),
    date(2025, 12, 31),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("compare", "shift"), [("previous", 7), ("week", 7), ("month", 28), ("year", 364)])
def test_every_day_of_every_zone_is_compared_with_its_day(zone: str, compare: str, shift: int) -> None:
    for change in CHANGES:
        days_are_compared(TeamTime(ZoneInfo(zone), LONG_AFTER), change, compare, shift)


def days_are_compared(calendar: TeamTime, change: date, compare: str, shift: int) -> None:
    days = [change + timedelta(days=n) for n in range(-3, 4)]
    asked = placed(f"start={days[0]}&end={days[-1]}&step=day&compare={compare}", calendar)
    found = pairing_of(asked)
    assert found
    met = {}
    for (start, _), place in zip(asked.span.buckets(), found.places, strict=True):
        met[start] = None if place is None else found.edges[place : place + 2]
    for day in days:
        start, other = local_midnight(day, calendar.zone), day - timedelta(days=shift)
        begin, end = (local_midnight(other + timedelta(days=n), calendar.zone) for n in range(2))
        if start != local_midnight(day + timedelta(days=1), calendar.zone):
            assert met[start] == ((begin, end) if begin < end else None)


@given(queries, comparisons, calendars)
def test_pairs_are_one_to_one_in_order_and_end_in_time(
    query: Query, compare: Comparison, calendar: TeamTime
) -> None:
    asked = Placed.of(query.changed(compare=compare), calendar).drawable()
    found = pairing_of(asked)
    if found is None:
        return
    places = [place for place in found.places if place is not None]
    assert len(found.places) == len(asked.span.buckets())
    assert places == sorted(set(places))
    assert all(0 <= place < len(found.edges) - 1 for place in places)
    assert all(before < after for before, after in pairwise(found.edges))
    assert all(edge.timestamp() % 900 == 0 for edge in found.edges)
    assert found.start <= found.cut <= found.end
    assert compared_words(found, calendar)
    assert comparison_words(asked)
