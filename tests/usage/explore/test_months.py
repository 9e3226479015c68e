"""Months and weeks are read as such: what a page draws, not the days behind it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from teams.models import Team
from tests.usage.explore.test_numbers import answer
from tests.usage.stored import make_meter
from tests.usage.totals import totals
from usage.books.ingest import store
from usage.explore.reading import numbers
from usage.explore.reading.scope.scope import FIRST, LAST, Part
from usage.explore.reading.sums.grouped import Wanted, fetch
from usage.explore.reading.sums.source import Source
from usage.ledger.words import microseconds
from usage.models import Meter

ZONE = ZoneInfo("Asia/Kathmandu")
START = datetime(2024, 1, 20, tzinfo=ZONE)
# The first bucket begins within a month, the last one ends within one.
EDGES = [
    START,
    *(datetime(2024, month, 1, tzinfo=ZONE) for month in (2, 3, 4)),
    datetime(2024, 4, 9, tzinfo=ZONE),
]


@pytest.fixture
def watched(team: Team) -> Meter:
    """A meter that was asked every two hours from January to April, and used more each time."""
    team.time_zone = ZONE.key
    team.save()
    meter = make_meter(team)
    began = datetime(2024, 1, 19, tzinfo=UTC)
    asked = [began + timedelta(hours=2) * number for number in range(1, 1_000)]
    store(answer(meter, at, number * number * 10, began) for number, at in enumerate(asked, 1))
    return meter


def test_each_month_holds_its_days(team: Team, watched: Meter) -> None:
    found = numbers.read(team, EDGES, "tokens", now=EDGES[-1])
    months = [totals(team, start, end)["tokens"] for start, end in pairwise(EDGES)]
    assert [sum(amounts) for amounts in zip(*found.amounts.values(), strict=True)] == months
    assert 0 < months[0] < months[1] < months[2]


def test_it_is_a_row_for_each_month_and_model(team: Team, watched: Meter) -> None:
    source = Source.of(team, [microseconds(edge) for edge in EDGES], ZONE.key)
    rows = list(fetch(source.of_team(team, Wanted(["tokens"], by_model=True), 0)))
    assert len(rows) == 4 * 2
    assert {row.on for row in rows} == {edge.date() for edge in EDGES[:-1]}


def test_weeks_hold_their_days_though_the_first_and_the_last_are_cut(team: Team, watched: Meter) -> None:
    mondays = [datetime(2024, 1, 22, tzinfo=ZONE) + timedelta(weeks=number) for number in range(11)]
    edges = [START, *mondays, mondays[-1] + timedelta(days=3)]
    found = numbers.read(team, edges, "tokens", now=edges[-1])
    weeks = [totals(team, start, end)["tokens"] for start, end in pairwise(edges)]
    assert [sum(amounts) for amounts in zip(*found.amounts.values(), strict=True)] == weeks
    source = Source.of(team, [microseconds(edge) for edge in edges], ZONE.key)
    rows = list(fetch(source.of_team(team, Wanted(["tokens"]), 0)))
    assert [row.on for row in rows] == [edge.date() for edge in edges[:-1]]


def test_days_stay_days(team: Team, watched: Meter) -> None:
    days = [microseconds(START + timedelta(days=number)) for number in range(30)]
    rows = list(fetch(Source.of(team, days, ZONE.key).of_team(team, Wanted(["tokens"]), 0)))
    assert len(rows) == 29


def test_where_filters_leave_nobody_nothing_is_asked(team: Team) -> None:
    source = Source.of(team, [microseconds(edge) for edge in EDGES], ZONE.key)
    nobody = Part((), FIRST, LAST, ())
    assert list(source.of_parts([(nobody, 0)], Wanted(["tokens"]))) == []
