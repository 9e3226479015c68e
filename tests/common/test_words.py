from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from common.templatetags.numbers import bar_width, compact, file_size, grouped, percent
from common.templatetags.times import between, from_now, length, short
from teams.models import Team

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-59), "just now"),
        (-3 * MINUTE, "3 min ago"),
        (-HOUR, "1 h ago"),
        (-DAY, "1 day ago"),
        (-9 * DAY, "9 days ago"),
        (timedelta(seconds=30), "in a moment"),
        (5 * HOUR, "in 5 h"),
    ],
)
def test_it_says_how_far_a_moment_is(distance: timedelta, words: str) -> None:
    assert from_now(NOON + distance, NOON) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (45, "45 s"),
        (130, "2 min 10 s"),
        (3_600, "1 h"),
        (3_605, "1 h"),
        (183_600, "2 days 3 h"),
    ],
)
def test_a_length_has_two_units_at_most(seconds: float, words: str) -> None:
    assert length(seconds) == words


def test_what_happened_is_never_still_to_come() -> None:
    """A clock that was ahead wrote it down."""
    soon = timezone.now() + 58 * MINUTE
    context = Context({"at": soon})
    assert ">just now<" in Template("{% load times %}{% ago at %}").render(context)
    assert ">in 57 min<" in Template("{% load times %}{% from_now at %}").render(context)


def test_a_clock_says_its_day_only_where_it_is_another() -> None:
    assert short(NOON, NOON) == "12:00"
    assert short(NOON - DAY, NOON) == "22 Nov, 12:00"
    assert short(NOON - 365 * DAY, NOON) == "23 Nov 2025, 12:00"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-11-01", "2026-12-01", "1 – 30 Nov"),
        ("2026-11-05", "2026-12-05", "5 Nov – 4 Dec"),
        ("2026-11-23", "2026-11-24", "23 Nov"),
        ("2025-12-05", "2026-01-05", "5 Dec 2025 – 4 Jan 2026"),
        ("2026-11-05T14:00", "2026-12-05T14:00", "5 Nov, 14:00 – 5 Dec, 14:00"),
        ("1970-01-01", "2100-01-01", "1 Jan 1970 – 31 Dec 2099"),
    ],
)
def test_a_span_of_whole_days_names_its_first_and_last(start: str, end: str, words: str) -> None:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    assert between(first, last, NOON) == words


def test_a_span_without_an_end_says_since_when() -> None:
    drawn = Template("{% load times %}{% span at None %}").render(Context({"at": NOON}))
    assert ">since 23 Nov 2026</time>" in drawn


def test_a_time_is_exact_on_hover_in_the_teams_zone() -> None:
    team = Team(name="Acme", time_zone="Asia/Kathmandu")
    drawn = Template("{% load times %}{% clock at %}").render(Context({"team": team, "at": NOON - 400 * DAY}))
    assert 'datetime="2025-10-19T12:00:00+00:00"' in drawn
    assert 'title="Sun 19 Oct 2025, 17:45:00 +0545"' in drawn
    assert ">19 Oct 2025, 17:45</time>" in drawn


def test_no_time_is_a_dash() -> None:
    assert Template("{% load times %}{% ago at %}{% clock at %}").render(Context({"at": None})) == "––"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1 k"),
        (1_234, "1.2 k"),
        (99_960, "100 k"),
        (999_499, "999 k"),
        (999_500, "1 M"),
        (1_234_567, "1.2 M"),
        (-2_500_000, "-2.5 M"),
        (10**15, "1,000 T"),
        (None, "–"),
    ],
)
def test_large_numbers_are_shortened(number: int | None, words: str) -> None:
    assert compact(number) == words


def test_numbers_are_grouped() -> None:
    assert [grouped(1_234_567), grouped(-1_000), grouped(None)] == ["1,234,567", "-1,000", "–"]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (0.04, "< 0.1 %"),
        (99.2, "99.2 %"),
        (99.96, "> 99.9 %"),
        (100, "100 %"),
        (10**12, "1,000,000,000,000 %"),
        (None, "–"),
    ],
)
def test_a_percentage_never_hides_a_rest(share: float | None, words: str) -> None:
    assert percent(share) == words


def test_a_bar_stays_within_its_frame() -> None:
    assert [bar_width(share) for share in (None, 0, 0.0001, 0.5, 3)] == [
        "0.00",
        "0.00",
        "0.50",
        "50.00",
        "100.00",
    ]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (949, "949 bytes"),
        (1_200, "1.2 KB"),
        (100_000, "100 KB"),
        (999_960, "1 MB"),
        (1_048_576, "1 MB"),
        (20_000_000, "20 MB"),
        (1_950_000_000, "2 GB"),
    ],
)
def test_a_size_is_told_in_thousands(size: int, words: str) -> None:
    assert file_size(size) == words
