from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from usage.explore.query.spans import Span, midnight
from usage.explore.query.steps import MOST_BUCKETS, Step, fitting_step

START = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (0.25, Step.QUARTER_HOUR),
        (1, Step.QUARTER_HOUR),
        (2, Step.HOUR),
        (7, Step.THREE_HOURS),
        (30, Step.DAY),
        (92, Step.DAY),
        (365, Step.WEEK),
        (3 * 365, Step.WEEK),
        (10 * 365, Step.MONTH),
    ],
)
def test_a_step_fits_the_length(days: float, step: Step) -> None:
    end = START + timedelta(days=days)
    assert fitting_step(START, end) == step
    assert step.buckets_in(end - START) <= MOST_BUCKETS


def test_a_day_of_25_hours_is_still_a_day() -> None:
    assert fitting_step(START, START + timedelta(hours=25)) == Step.QUARTER_HOUR


@pytest.mark.parametrize("week_start", range(7))
def test_weeks_begin_on_the_teams_day(week_start: int) -> None:
    utc = ZoneInfo("UTC")
    edges = Span(START, START + timedelta(days=28), Step.WEEK, utc, week_start).edges()
    assert {edge.weekday() for edge in edges[1:-1]} == {week_start}


def test_six_hours_begin_anew_at_midnight() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day, after = midnight(date(2026, 10, 25), berlin), midnight(date(2026, 10, 26), berlin)
    lengths = [end - start for start, end in Span(day, after, Step.SIX_HOURS, berlin).buckets()]
    assert lengths == [timedelta(hours=6)] * 4 + [timedelta(hours=1)]


def test_a_day_that_clocks_skip_has_no_bucket() -> None:
    apia = ZoneInfo("Pacific/Apia")
    start, end = midnight(date(2011, 12, 28), apia), midnight(date(2012, 1, 2), apia)
    span = Span(start, end, Step.DAY, apia)
    assert [first.astimezone(apia).day for first, _ in span.buckets()] == [28, 29, 31, 1]
