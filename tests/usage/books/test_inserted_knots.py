"""Knots that are put into a meter's past, or get new values, have the rows around them made again."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.models import Team
from tests.usage.stored import assert_rows, make_meter
from usage.books import stretch_rows
from usage.books.inserted_knots import mend
from usage.books.persistence import save_changes
from usage.books.rollups import rollup
from usage.ledger import COVERAGE, REQUESTS, TOKENS, Changes, LedgerKnot, Quality, SeriesKey
from usage.ledger.quarters import quarters
from usage.ledger.stretches import stretches_of
from usage.models import Calendar, Day, Knot, Meter, Quarter, Stretch, TeamDay, TeamQuarter

pytestmark = pytest.mark.django_db

MINUTE = 60_000_000
START = 1_700_000_100_000_000
SEEN = SeriesKey(Quality.MEASURED, COVERAGE)
LINES = (SeriesKey("rax-4.0", TOKENS), SeriesKey("rax-4.0", REQUESTS), SeriesKey("rax-4.5", TOKENS))
ZONE = ZoneInfo("Asia/Kathmandu")


def knot(minutes: int, *values: int) -> LedgerKnot:
    amounts = {line: value for line, value in zip(LINES, values, strict=False) if value}
    watched = {SEEN: minutes * MINUTE} if minutes else {}
    at = START + minutes * MINUTE
    return LedgerKnot(at, Quality.MEASURED, amounts | watched, START, None, firm=True, polled_at=at)


@pytest.fixture
def meter(team: Team) -> Meter:
    Team.objects.filter(pk=team.pk).update(time_zone=ZONE.key)
    Calendar.objects.create(team=team, time_zone=ZONE.key)
    return make_meter(Team.objects.get(pk=team.pk))


def put(meter: Meter, knots: Sequence[LedgerKnot]) -> None:
    """Store knots, and the rows that they make."""
    rows, stretches = quarters(knots), stretches_of(knots)
    ids = rollup.series_ids([meter], stretch_rows.lines([(meter.pk, rows, stretches)]))[meter.pk]
    changes = rollup.TeamChanges()
    for row in rows:
        day = rollup.local_day(row.number, ZONE)
        changes.add(meter.team_id, row.series, row.number, day, row.value - row.opening)
    rollup.save_quarters(
        rollup.QuarterRow(ids[row.series], row.number, row.opening, row.value) for row in rows
    )
    rollup.save_days(
        rollup.DayRow(ids[row.series], rollup.local_day(row.number, ZONE), row.opening, row.value)
        for row in rows
    )
    changes.save()
    stretch_rows.insert((meter.pk, stretch) for stretch in stretches)
    is_first = not Knot.objects.exists()
    save_changes([(meter.pk, Changes(tuple(knots), (), (), is_first))])


def changed(meter: Meter, knots: Sequence[LedgerKnot], *new: LedgerKnot) -> list[LedgerKnot]:
    """Mend what knots had made after some of them changed; return those that there are then."""
    mend(meter, ZONE, new)
    Knot.objects.filter(meter=meter, at__in=[each.at for each in new]).delete()
    save_changes([(meter.pk, Changes((new[0], *new), (), (), first=False))])
    return sorted({each.at: each for each in (*knots, *new)}.values(), key=lambda each: each.at)


def test_a_last_knot_with_new_values_moves_what_lies_before_it(team: Team, meter: Meter) -> None:
    knots = [knot(0), knot(7, 10, 1), knot(40, 20, 2)]
    put(meter, knots)
    after = changed(meter, knots, knot(40, 60, 3, 5))
    assert_rows(meter.team, meter, after)
    put(meter, [after[-1], knot(41, 61, 4, 5), knot(50, 70, 5, 5)])
    assert_rows(meter.team, meter, [*after, knot(41, 61, 4, 5), knot(50, 70, 5, 5)])


def test_a_last_knot_at_the_end_of_a_stretch_is_raised(team: Team, meter: Meter) -> None:
    knots = [knot(0), knot(7, 10, 1), knot(4_000, 10, 1)]
    put(meter, knots)
    after = changed(meter, knots, knot(4_000, 60, 3, 5))
    assert Stretch.objects.get().amounts == {
        "tokens": {"rax-4.0": 50, "rax-4.5": 5},
        "requests": {"rax-4.0": 2},
    }
    assert_rows(meter.team, meter, after)


def test_a_knot_that_is_rewritten_as_it_was_changes_nothing(team: Team, meter: Meter) -> None:
    knots = [knot(0), knot(7, 10, 1), knot(500, 20, 2), knot(505, 21, 2)]
    put(meter, knots)
    assert_rows(meter.team, meter, changed(meter, knots, knots[2]))


def test_knots_older_than_those_that_are_kept_have_left_their_rows(team: Team, meter: Meter) -> None:
    knots = [knot(0), knot(7, 10, 1), knot(9, 20, 2), knot(40, 30, 3)]
    put(meter, knots)
    Knot.objects.filter(at__lt=knots[2].at).delete()
    assert_rows(meter.team, meter, [*knots[:2], *changed(meter, knots[2:], knot(20, 21, 2))])


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[LedgerKnot], list[LedgerKnot]]:
    """Knots that rise, and some that are put among them or stand for one of them."""
    steps = draw(st.lists(st.integers(1, 900), min_size=2, max_size=8))
    minutes = [sum(steps[:place]) for place in range(len(steps) + 1)]
    rises = st.tuples(*[st.integers(0, 40)] * 3)
    sums, knots = [0, 0, 0], []
    for at in minutes:
        sums = [total + rise for total, rise in zip(sums, draw(rises), strict=True)]
        knots.append(knot(at, *sums))
    places = draw(st.lists(st.integers(1, minutes[-1]), min_size=1, max_size=4, unique=True))
    return knots, [knot(at, *draw(rises)) for at in sorted(places)]


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories())
def test_any_knots_put_into_any_past_make_the_rows_of_all(
    team: Team, meter: Meter, history: tuple[list[LedgerKnot], list[LedgerKnot]]
) -> None:
    for model in (Quarter, Day, TeamQuarter, TeamDay, Stretch, Knot):
        model._default_manager.all().delete()
    knots, new = history
    put(meter, knots)
    after = changed(meter, knots, *new)
    assert_rows(meter.team, meter, after)
    later = replace(knot(9_000, 999, 999, 999), at=after[-1].at + 3 * MINUTE)
    put(meter, [after[-1], later])
    assert_rows(meter.team, meter, [*after, later])
