"""Worlds of every kind are stored as the independent model says, in whatever order they are told."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from random import Random

import pytest

from tests.usage.books.told_worlds import Told, assert_in_all
from tests.usage.reference import adapter, claims
from tests.usage.reference.answers import NEVER
from tests.usage.reference.claims import QUARTER
from tests.usage.reference.invariants import midnight
from tests.usage.reference.lines import NOT_SEEN
from usage.books.verify import meter_differences, team_differences
from usage.ledger import COVERAGE, SeriesKey
from usage.ledger.codec import load_amounts
from usage.ledger.words import moment
from usage.models import Day, Knot, Period, Quarter, Stretch, TeamDay, TeamQuarter

pytestmark = pytest.mark.django_db

Rows = Counter[tuple[SeriesKey, int]]
SPANS = 8  # of each world


def assert_stored(told: Told) -> None:
    assert meter_differences(told.meter) == team_differences(told.team) == []
    assert_knots(told)
    assert_periods(told)
    assert_sums(told)
    assert_days(told)


def assert_knots(told: Told) -> None:
    stored = list(Knot.objects.filter(meter=told.meter).order_by("at"))
    for metric, line in told.ledger.lines.items():
        assert [(knot.at, knot.quality) for knot in stored[1:]] == [
            (knot.at, knot.quality) for knot in line.knots[1:]
        ]
        for series in line.series():
            key = adapter.key(series, metric)
            values = [load_amounts(knot.values).get(key, 0) for knot in stored]
            assert values == [knot.of(series) for knot in line.knots]


def assert_periods(told: Told) -> None:
    stored = [row.as_ledger() for row in Period.objects.filter(meter=told.meter).order_by("start")]
    periods = told.ledger.periods
    ends = [None if period.ends == NEVER else period.ends for period in periods]
    assert [(row.start, row.told_start, row.end) for row in stored] == [
        (period.starts, period.told_starts, end) for period, end in zip(periods, ends, strict=True)
    ]
    for row, period in zip(stored, periods, strict=True):
        assert (row.exact, row.tail > 0) == (not period.inexact, bool(period.tails))
        counted: Counter[str] = Counter()
        for series, count in row.counters.items():
            counted[series.metric] += count
        assert counted == Counter(period.told)


def assert_sums(told: Told) -> None:
    """Quarters and stretches add up to what the lines say, of the meter and of the team."""
    rows: Rows = Counter()
    for row in Quarter.objects.filter(series__meter=told.meter).select_related("series"):
        rows[SeriesKey(row.series.model, row.series.metric), row.number] += row.value - row.opening
    of_team: Rows = Counter()
    for whole in TeamQuarter.objects.filter(team=told.team):
        of_team[SeriesKey(whole.model, whole.metric), whole.number] += whole.amount
    assert rows == of_team
    stretches = [row.as_ledger() for row in Stretch.objects.filter(meter=told.meter)]
    dice = Random(told.number)
    since, until = (at // QUARTER for at in told.world.watched())
    for _ in range(SPANS):
        first, last = sorted(dice.randint(since - 9, until + 9) for _ in range(2))
        found: Counter[SeriesKey] = Counter()
        for (series, number), amount in rows.items():
            if first < number <= last:
                found[series] += amount
        for stretch in stretches:
            found.update(stretch.within(first * QUARTER, last * QUARTER))
        assert found == expected_sums(told, first * QUARTER, last * QUARTER)


def expected_sums(told: Told, since: int, until: int) -> Counter[SeriesKey]:
    sums: Counter[SeriesKey] = Counter()
    for metric, line in told.ledger.lines.items():
        for series in line.series():
            sums[adapter.key(series, metric)] = line.shown(series, since, until)
        for quality, length in line.qualities(since, until).items():
            if quality != NOT_SEEN:
                sums[SeriesKey(quality, COVERAGE)] = length
    return sums


def assert_days(told: Told) -> None:
    """A day holds what was used in it beside stretches."""
    found: Counter[tuple[SeriesKey, date]] = Counter()
    for row in Day.objects.filter(series__meter=told.meter).select_related("series"):
        found[SeriesKey(row.series.model, row.series.metric), row.day] += row.value - row.opening
    of_team: Counter[tuple[SeriesKey, date]] = Counter()
    for whole in TeamDay.objects.filter(team=told.team):
        of_team[SeriesKey(whole.model, whole.metric), whole.day] += whole.amount
    expected: Counter[tuple[SeriesKey, date]] = Counter()
    for day, start, end in days_beside_stretches(told):
        for metric, line in told.ledger.lines.items():
            for series in line.series():
                expected[adapter.key(series, metric), day] += line.shown(series, start, end)
    used = Counter({where: n for where, n in found.items() if where[0].metric != COVERAGE})
    assert used == expected
    assert found == of_team


def days_beside_stretches(told: Told) -> Iterable[tuple[date, int, int]]:
    """The parts of local days between knots that are no stretch."""
    zone, lines = told.team.zone, told.ledger.lines
    line = next(iter(lines.values()))
    for start, end, _ in line.stretches():
        if claims.is_stretch(lines, start, end):
            continue
        while start < end:
            over = min(midnight(start, zone, days=1), end)
            yield moment(start).astimezone(zone).date(), start, over
            start = over


# The first 100 are stored once for the pages too: `tests/usage/test_ten_thousand_worlds.py`.
# Then four of each kind, and in chaos more.
@pytest.mark.parametrize(
    "numbers", [range(100, 168), pytest.param(range(168, 500), marks=pytest.mark.chaos)], ids=str
)
def test_more_worlds_are_stored_as_the_model_says(numbers: range) -> None:
    assert_in_all(assert_stored, numbers)
