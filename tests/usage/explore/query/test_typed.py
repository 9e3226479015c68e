from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.explore.query.periods import is_name
from usage.explore.query.typed import read_typed

# A Monday.
TODAY = date(2026, 11, 23)


def days(text: str, today: date = TODAY) -> tuple[str, str]:
    period = read_typed(text, today)
    assert period
    return str(period.start), str(period.end)


@pytest.mark.parametrize(
    "text",
    [
        "1 nov - 5 nov",
        "1-5 nov",
        "1 \N{EN DASH} 5 November",
        "nov 1 - nov 5",
        "Nov 1-5",
        "1st nov to 5th nov",
        "from 1 nov until 5 nov 2026",
        "1.11. - 5.11.",
        "1.11.2026 - 5.11.2026",
        "2026-11-01 to 2026-11-05",
        "2026-11-01..2026-11-05",
        "  1   NOV, 2026 -  5 nov, 2026 ",
    ],
)
def test_days_are_written_in_many_ways(text: str) -> None:
    assert days(text) == ("2026-11-01", "2026-11-05")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("3 oct", "2026-10-03", "2026-10-03"),
        ("24 dec", "2025-12-24", "2025-12-24"),
        ("29 feb", "2024-02-29", "2024-02-29"),
        ("october", "2026-10-01", "2026-10-31"),
        ("feb 2024", "2024-02-01", "2024-02-29"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("may", "2026-05-01", "2026-05-31"),
        ("q3", "2026-07-01", "2026-09-30"),
        ("q4 2025", "2025-10-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("oct - nov", "2026-10-01", "2026-11-30"),
        ("20 nov - 30 nov", "2026-11-20", "2026-11-30"),
        ("25 dec - 5 jan", "2025-12-25", "2026-01-05"),
        ("25 dec - 5 jan 2026", "2025-12-25", "2026-01-05"),
        ("monday", "2026-11-23", "2026-11-23"),
        ("fri - sun", "2026-11-20", "2026-11-22"),
        ("yesterday to today", "2026-11-22", "2026-11-23"),
        ("since 1 nov", "2026-11-01", "None"),
        ("since oct", "2026-10-01", "None"),
    ],
)
def test_what_is_left_out_is_the_newest(text: str, start: str, end: str) -> None:
    assert days(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("last 14 days", "14d"),
        ("14 days", "14d"),
        ("past 3 weeks", "21d"),
        ("previous 2 months", "2m"),
        ("Last week", "last-week"),
        ("this month", "month"),
        ("last quarter", "last-quarter"),
        ("last 24 hours", "24h"),
        ("yesterday", "yesterday"),
        ("billing period", "billing"),
    ],
)
def test_a_period_that_moves_on_keeps_its_name(text: str, name: str) -> None:
    period = read_typed(text, TODAY)
    assert period
    assert period.name == name
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "11/01/2026",
        "31 feb",
        "1 mai",
        "5 nov - 1 nov",
        "last 0 days",
        "last year or so",
        "x" * 200,
    ],
)
def test_what_is_not_certain_is_not_guessed(text: str) -> None:
    assert read_typed(text, TODAY) is None


WORDS = [
    "1",
    "31",
    "nov",
    "2026",
    "last",
    "days",
    "-",
    "to",
    "q3",
    "since",
    "..",
    "1-5",
    "0000",
    "9999",
    "99m",
]


@given(
    st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=6).map(" ".join),
    st.dates(date(2001, 1, 1), date(2099, 1, 1)),
)
def test_nothing_that_is_typed_is_an_error(text: str, today: date) -> None:
    period = read_typed(text, today)
    assert period is None or period.is_custom or is_name(period.name)
