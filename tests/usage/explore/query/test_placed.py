from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from tests.usage.explore.query.questions import (
    BERLIN,
    NOON,
    TIME,
    UTC_ZONE,
    at,
    calendars,
    months,
    placed,
    queries,
)
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query
from usage.explore.query.reader import read_query, sentence
from usage.explore.query.steps import MOST_BUCKETS, Step
from usage.explore.query.team_time import BillingPeriod, TeamTime


def spans(address: str, time: TeamTime = TIME) -> tuple[datetime, datetime]:
    span = placed(address, time).span
    return span.start, span.end


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("24h", at(2026, 11, 22, 13), at(2026, 11, 23, 13)),
        ("today", at(2026, 11, 23), at(2026, 11, 24)),
        ("yesterday", at(2026, 11, 22), at(2026, 11, 23)),
        ("week", at(2026, 11, 23), at(2026, 11, 30)),
        ("last-week", at(2026, 11, 16), at(2026, 11, 23)),
        ("month", at(2026, 11, 1), at(2026, 12, 1)),
        ("last-month", at(2026, 10, 1), at(2026, 11, 1)),
        ("quarter", at(2026, 10, 1), at(2027, 1, 1)),
        ("last-quarter", at(2026, 7, 1), at(2026, 10, 1)),
        ("year", at(2026, 1, 1), at(2027, 1, 1)),
        ("last-year", at(2025, 1, 1), at(2026, 1, 1)),
        ("7d", at(2026, 11, 17), at(2026, 11, 24)),
        ("14d", at(2026, 11, 10), at(2026, 11, 24)),
        ("30d", at(2026, 10, 25), at(2026, 11, 24)),
        ("90d", at(2026, 8, 26), at(2026, 11, 24)),
        ("12m", at(2025, 11, 24), at(2026, 11, 24)),
        ("billing", at(2026, 11, 1), at(2026, 12, 1)),
        ("last-billing", at(2026, 10, 1), at(2026, 11, 1)),
        ("quota-day", at(2026, 11, 23), at(2026, 11, 24)),
    ],
)
def test_every_named_period_has_its_time(period: str, start: datetime, end: datetime) -> None:
    assert spans(f"period={period}") == (start, end)
    assert placed(f"period={period}").problems == ()


def test_without_a_name_it_is_what_the_team_opens_on() -> None:
    assert spans("") == spans("period=7d")
    young = TeamTime(UTC_ZONE, NOON, billing=months(NOON), opening="billing")
    assert placed("", young).query == placed("period=billing", young).query


@pytest.mark.parametrize("week_start", range(7))
def test_weeks_begin_where_the_team_says(week_start: int) -> None:
    start, end = spans("period=week", TeamTime(UTC_ZONE, NOON, week_start))
    assert start.weekday() == week_start
    assert start <= NOON < end == start + timedelta(days=7)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Europe/Berlin", 25), ("America/New_York", 24), ("Asia/Kolkata", 24), ("Australia/Lord_Howe", 24)],
)
def test_a_day_is_as_long_as_its_clocks_say(zone: str, hours: int) -> None:
    start, end = spans("start=2026-10-25&end=2026-10-25", TeamTime(ZoneInfo(zone), NOON))
    assert end - start == timedelta(hours=hours)


def test_half_an_hour_may_be_skipped() -> None:
    lord_howe = TeamTime(ZoneInfo("Australia/Lord_Howe"), NOON)
    start, end = spans("start=2026-10-04&end=2026-10-04", lord_howe)
    assert end - start == timedelta(hours=23.5)
    assert len(placed("start=2026-10-04&end=2026-10-04&step=15min", lord_howe).span.buckets()) == 94


def test_a_day_that_clocks_skip_whole_is_the_one_before() -> None:
    samoa = TeamTime(ZoneInfo("Pacific/Apia"), at(2012, 1, 10))
    found = placed("start=2011-12-30&end=2011-12-30", samoa)
    assert found.days == (date(2011, 12, 29), date(2011, 12, 29))
    assert "skipped" in sentence(found.problems)
    new_year = TeamTime(ZoneInfo("Pacific/Apia"), at(2011, 12, 30, 12))
    assert placed("period=yesterday", new_year).days == (date(2011, 12, 29), date(2011, 12, 29))


def test_the_quota_day_is_the_providers() -> None:
    tokyo = TeamTime(BERLIN, NOON, quota_zone=ZoneInfo("Asia/Tokyo"))
    assert spans("period=quota-day", tokyo) == (at(2026, 11, 22, 15), at(2026, 11, 23, 15))


@pytest.mark.parametrize(
    ("now", "period", "first"),
    [
        (at(2024, 2, 29, 12), "12m", date(2023, 3, 1)),
        (at(2024, 2, 29, 12), "month", date(2024, 2, 1)),
        (at(2025, 2, 28, 12), "12m", date(2024, 3, 1)),
        (at(2026, 3, 30, 12), "1m", date(2026, 2, 28)),
        (at(2026, 1, 1, 0), "yesterday", date(2025, 12, 31)),
        (at(2026, 1, 1, 0), "last-quarter", date(2025, 10, 1)),
        (at(2025, 12, 31, 23), "week", date(2025, 12, 29)),
    ],
)
def test_ends_of_months_and_years_are_found(now: datetime, period: str, first: date) -> None:
    assert placed(f"period={period}", TeamTime(UTC_ZONE, now)).days[0] == first


def test_a_billing_period_is_the_newest_that_began_before() -> None:
    assert spans("period=billing&until=2026-11-01") == (at(2026, 10, 1), at(2026, 11, 1))
    assert spans("period=billing&until=2026-10-20") == (at(2026, 10, 1), at(2026, 11, 1))


def test_a_billing_period_without_an_end_reaches_to_the_end_of_today() -> None:
    open_ended = TeamTime(BERLIN, NOON, billing=(BillingPeriod(at(2026, 11, 1), None),))
    assert spans("period=billing", open_ended) == (at(2026, 11, 1), at(2026, 11, 23, 23))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("period=billing", "No billing period is known yet: here are the last 30 days."),
        ("start=2026-11-05&end=2026-11-01", "The first day came after the last: they are swapped."),
        ("start=2026-12-01&end=2026-12-05", "Those days are still to come: here is today."),
        ("start=2026-12-01T00:00Z", "That is still to come: here are the last 24 hours."),
        ("period=today&complete=1", "It holds no day that is over: here is yesterday."),
        (
            "period=12m&step=15min",
            "One bar for each 15 minutes makes 35,040, more than the 400 that a page draws: here is one for "
            "each week.",
        ),
    ],
)
def test_the_nearest_question_is_answered_and_said(address: str, words: str) -> None:
    assert sentence(placed(address, TeamTime(UTC_ZONE, NOON)).drawable().problems) == words


def test_the_bound_is_the_pages_and_not_the_questions() -> None:
    found = placed("period=90d&step=15min")
    assert len(found.span.buckets()) == 90 * 96
    assert found.drawable().step == Step.DAY
    assert found.drawable().query.step is None


def test_hours_that_were_chosen_are_whole_quarters() -> None:
    assert spans("start=2026-11-20T10:00Z&end=2026-11-20T14:00Z") == (
        at(2026, 11, 20, 10),
        at(2026, 11, 20, 14),
    )
    assert placed("start=2026-11-20T10:00Z&end=2026-11-20T14:00Z").step == Step.QUARTER_HOUR


def test_hours_that_are_whole_days_are_those_days() -> None:
    berlin = TeamTime(BERLIN, NOON)
    found = placed("start=2026-11-19T23:00Z&end=2026-11-21T23:00Z", berlin)
    assert found.query.address() == "start=2026-11-20&end=2026-11-21"
    today = placed("start=2026-11-22T23:00Z&end=2026-11-23T23:00Z", berlin)
    assert today.query.address() == "start=2026-11-23&end=2026-11-23"


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("7d", (date(2026, 11, 16), date(2026, 11, 22))),
        ("month", (date(2026, 11, 1), date(2026, 11, 22))),
        ("24h", (date(2026, 11, 22), date(2026, 11, 22))),
        ("week", (date(2026, 11, 22), date(2026, 11, 22))),
        ("last-week", (date(2026, 11, 16), date(2026, 11, 22))),
    ],
)
def test_complete_days_alone_end_yesterday(period: str, days: tuple[date, date]) -> None:
    assert placed(f"period={period}&complete=1").days == days


@given(queries, calendars)
def test_every_question_has_a_time_in_every_calendar(query: Query, time: TeamTime) -> None:
    found = Placed.of(query, time).drawable()
    edges = found.span.edges()
    assert all(before < after for before, after in pairwise(edges))
    assert all(edge.timestamp() % 900 == 0 for edge in edges)
    assert len(edges) <= MOST_BUCKETS + 1
    assert Placed.of(found.query, time).span.start == found.span.start
    assert read_query(parse_qs(found.query.address())) == (found.query, [])


@pytest.mark.parametrize("end", [datetime(9998, 12, 31, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)])
def test_of_a_period_without_a_believable_end_is_drawn_what_has_passed(end: datetime) -> None:
    time = TeamTime(UTC_ZONE, NOON, billing=(BillingPeriod(at(2026, 11, 1), end),))
    drawn = placed("period=billing", time).drawable()
    assert len(drawn.span.edges()) - 1 <= MOST_BUCKETS
    assert drawn.span.start == at(2026, 11, 1) < NOON < drawn.span.end
    assert drawn.bounds.goes_on(NOON)


@pytest.mark.parametrize(
    "address", ["start=2000-01-01", "start=2000-01-01&end=2039-07-31", "start=2000-01-01T00:15Z"]
)
def test_of_more_months_than_a_page_draws_the_newest_are_there(address: str) -> None:
    time = TeamTime(BERLIN, datetime(2039, 8, 2, 12, tzinfo=UTC))
    drawn = placed(address, time).drawable()
    assert len(drawn.span.edges()) - 1 == MOST_BUCKETS
    assert drawn.step == Step.MONTH
    assert drawn.span.end == placed(address, time).span.end
    assert "here are the newest of them" in sentence(drawn.problems)
    assert Placed.of(drawn.query, time).drawable() == replace(drawn, problems=())
