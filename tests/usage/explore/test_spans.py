from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.explore.figure.axes import ticks
from usage.explore.query.spans import Span, Step, fitting_step, midnight
from usage.explore.query.team_time import TeamTime
from usage.explore.query.words import span_words
from usage.explore.remarks.times import Times
from usage.explore.sheet.labels import bucket_labels, span_label

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "UTC",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
]
AUTUMN, SPRING = date(2026, 10, 25), date(2026, 3, 29)


def day_span(day: date, step: Step, zone: ZoneInfo = BERLIN) -> Span:
    return Span(midnight(day, zone), midnight(day + timedelta(days=1), zone), step, zone)


@pytest.mark.parametrize(("day", "hours"), [(AUTUMN, 25), (SPRING, 23), (date(2026, 11, 1), 24)])
def test_a_day_has_as_many_hours_as_clocks_say(day: date, hours: int) -> None:
    assert len(day_span(day, Step.HOUR).buckets()) == hours
    assert len(day_span(day, Step.QUARTER_HOUR).buckets()) == hours * 4


def test_long_steps_begin_anew_at_midnight() -> None:
    span = Span(midnight(SPRING, BERLIN), midnight(date(2026, 3, 31), BERLIN), Step.THREE_HOURS, BERLIN)
    lengths = [end - start for start, end in span.buckets()]
    assert lengths == [timedelta(hours=3)] * 7 + [timedelta(hours=2)] + [timedelta(hours=3)] * 8


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    start, end = midnight(date(2026, 10, 28), BERLIN), midnight(date(2026, 11, 10), BERLIN)
    weeks = Span(start, end, Step.WEEK, BERLIN).edges()[1:-1]
    assert weeks == (midnight(date(2026, 11, 2), BERLIN), midnight(date(2026, 11, 9), BERLIN))
    assert Span(start, end, Step.MONTH, BERLIN).edges()[1:-1] == (midnight(date(2026, 11, 1), BERLIN),)


@given(
    st.dates(date(2001, 1, 1), date(2030, 1, 1)),
    st.integers(1, 400),
    st.sampled_from(ZONES),
    st.integers(0, 3 * 96),
)
def test_buckets_fit_together_at_whole_quarters(day: date, days: int, zone: str, quarters: int) -> None:
    start = midnight(day, ZoneInfo(zone)) + timedelta(minutes=15 * quarters)
    end = midnight(day + timedelta(days=days), ZoneInfo(zone))
    if start >= end:
        return
    span = Span(start, end, fitting_step(start, end), ZoneInfo(zone))
    edges = span.edges()
    assert (edges[0], edges[-1]) == (start, end)
    assert all(before < after for before, after in pairwise(edges))
    assert all(edge.timestamp() % 900 == 0 for edge in edges)
    assert len(edges) <= 401


@given(st.dates(date(2001, 1, 1), date(2030, 1, 1)), st.integers(1, 1200), st.sampled_from(ZONES))
def test_no_two_buckets_have_one_label_and_the_axis_has_few(day: date, days: int, zone: str) -> None:
    start, end = midnight(day, ZoneInfo(zone)), midnight(day + timedelta(days=days), ZoneInfo(zone))
    span = Span(start, end, fitting_step(start, end), ZoneInfo(zone))
    labels = bucket_labels(span)
    assert len(set(labels)) == len(labels)
    places, texts = ticks(span)
    assert 1 <= len(places) == len(texts) <= 8
    assert all(-0.5 <= place < len(labels) for place in places)


def test_an_hour_that_comes_twice_says_its_offset() -> None:
    labels = bucket_labels(day_span(AUTUMN, Step.HOUR))
    assert labels[2:4] == ("Sun 25 Oct, 02:00 CEST–02:00 CET", "Sun 25 Oct, 02:00 CET–03:00 CET")
    assert labels[20] == "Sun 25 Oct, 19:00–20:00"


def test_spans_are_named_without_saying_a_month_twice() -> None:
    def named(first: date, last: date) -> str:
        end = midnight(last + timedelta(days=1), BERLIN)
        return span_label(Span(midnight(first, BERLIN), end, Step.DAY, BERLIN))

    assert named(date(2026, 11, 16), date(2026, 11, 22)) == "16 – 22 Nov 2026"
    assert named(date(2026, 10, 30), date(2026, 11, 2)) == "30 Oct – 2 Nov 2026"
    assert named(date(2025, 12, 30), date(2026, 1, 2)) == "30 Dec 2025 – 2 Jan 2026"
    assert named(AUTUMN, AUTUMN) == "Sun 25 Oct 2026"


def test_a_span_of_hours_says_its_hours() -> None:
    end = datetime(2026, 11, 23, 13, tzinfo=UTC)
    span = Span(end - timedelta(hours=24), end, Step.HOUR, BERLIN)
    assert span_label(span) == "22 Nov, 14:00 – 23 Nov 2026, 14:00"
    evening = Span(span.start, span.start + timedelta(hours=10), Step.HOUR, BERLIN)
    assert span_label(evening) == "Sun 22 Nov 2026, 14:00 – 24:00"


@pytest.mark.parametrize(
    ("zone", "begin", "hours", "words"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 0, tzinfo=UTC), 1, "02:00 CEST – 02:00 CET"),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 30, tzinfo=UTC), 1, "01:30 +11 – 02:00"),
        ("Asia/Kolkata", datetime(2026, 10, 25, 0, tzinfo=UTC), 1, "05:30 – 06:30"),
    ],
)
def test_a_span_between_hours_that_come_twice_says_which(
    zone: str, begin: datetime, hours: int, words: str
) -> None:
    local, end = ZoneInfo(zone), begin + timedelta(hours=hours)
    assert span_label(Span(begin, end, Step.QUARTER_HOUR, local)).endswith(f", {words}")
    assert Times(Span(begin, end, Step.QUARTER_HOUR, local), end).between(begin, end).endswith(f", {words}")
    time = TeamTime(local, end)
    assert span_words(begin, end, time).endswith(f", {words}")


def test_a_day_whose_midnight_is_skipped_still_begins_at_midnight() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    labels = bucket_labels(day_span(date(2026, 4, 24), Step.DAY, cairo))
    assert labels == ("Fri 24 Apr 2026",)
