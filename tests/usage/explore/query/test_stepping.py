"""Stepping from one span to the one before and after it."""

from datetime import UTC, datetime
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given

from tests.usage.explore.query.questions import (
    NOON,
    TIME,
    UTC_ZONE,
    ZONES,
    at,
    calendars,
    months,
    placed,
    queries,
)
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query
from usage.explore.query.reader import read_query
from usage.explore.query.team_time import TeamTime

NAMED = ["24h", "today", "week", "month", "quarter", "year", "7d", "30d", "90d", "billing", "quota-day"]


@pytest.mark.parametrize("period", NAMED)
@pytest.mark.parametrize("zone", ZONES)
def test_stepping_back_meets_the_span_before_and_forward_comes_home(period: str, zone: str) -> None:
    # On a day after all zones of the north have changed their clocks, so that a step back crosses it.
    now = datetime(2026, 11, 3, 9, 40, tzinfo=UTC)
    time = TeamTime(ZoneInfo(zone), now, billing=months(now), quota_zone=ZoneInfo("America/New_York"))
    here = placed(f"period={period}&measure=requests", time)
    earlier = here.earlier()
    assert earlier
    before = Placed.of(earlier, time)
    assert before.span.end == here.span.start
    assert before.query.measure == "requests"
    assert before.later() == here.query
    assert here.later() is None
    assert read_query(parse_qs(earlier.address())) == (earlier, [])


@pytest.mark.parametrize(
    ("last", "now"), [("last-week", "week"), ("yesterday", "today"), ("last-billing", "billing")]
)
def test_what_is_counted_from_today_steps_as_what_it_is(last: str, now: str) -> None:
    here = placed(f"period={last}")
    assert here.later() == placed(f"period={now}").query
    before = here.earlier()
    assert before
    assert before.period.name == now
    assert Placed.of(before, TIME).span.end == here.span.start


def test_chosen_days_are_stepped_by_their_length_and_not_beyond_today() -> None:
    here = placed("start=2026-11-12&end=2026-11-18")
    before, after = here.earlier(), here.later()
    assert before
    assert before.address() == "start=2026-11-05&end=2026-11-11"
    assert after
    assert after.address() == "start=2026-11-17&end=2026-11-23"
    assert Placed.of(after, TIME).later() is None


def test_chosen_hours_are_stepped_by_their_length_and_not_beyond_now() -> None:
    here = placed("start=2026-11-23T08:00Z&end=2026-11-23T11:00Z")
    before, after = here.earlier(), here.later()
    assert before
    assert before.address() == "start=2026-11-23T05:00Z&end=2026-11-23T08:00Z"
    assert after
    assert after.address() == "start=2026-11-23T09:15Z&end=2026-11-23T12:15Z"
    assert Placed.of(after, TIME).later() is None


def test_no_step_leads_before_the_first_numbers() -> None:
    time = TeamTime(UTC_ZONE, NOON, first=at(2026, 11, 12))
    here = placed("period=7d", time)
    earlier = here.earlier()
    assert earlier
    assert Placed.of(earlier, time).earlier() is None


def test_there_is_nothing_before_the_first_billing_period() -> None:
    assert placed("period=billing&until=2026-09-01").earlier() is None


@given(queries, calendars)
def test_the_neighbours_of_a_period_fit_to_it(query: Query, time: TeamTime) -> None:
    here = Placed.of(query.changed(is_complete_only=False), time)
    assume(not here.query.period.is_custom)
    earlier = here.earlier()
    if earlier:
        assert Placed.of(earlier, time).span.start < here.span.start
        if not here.query.period.months:
            assert Placed.of(earlier, time).span.end == here.span.start
    later = here.later()
    if later:
        assert Placed.of(later, time).span.start > here.span.start
    assert later or here.span.end >= time.now or here.query.period.is_billing


def test_a_billing_period_that_begins_at_this_moment_is_this_one() -> None:
    time = TeamTime(UTC_ZONE, at(2005, 2, 1), billing=months(at(2005, 2, 1)))
    assert placed("period=billing", time).span.start == at(2005, 2, 1)
    before = placed("period=billing&until=2005-02-01", time)
    assert before.span.start == at(2005, 1, 1)
    assert Placed.of(before.later(), time).span.start == at(2005, 2, 1)
