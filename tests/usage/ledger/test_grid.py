"""The edges of quarters and days."""

from datetime import date
from zoneinfo import ZoneInfo

from usage.ledger.grid import QUARTER, local_day, quarter_end, quarter_number
from usage.ledger.words import microseconds

UTC = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YEAR = date(2024, 1, 1)


def test_a_quarter_ends_with_its_last_instant():
    assert [quarter_number(at) for at in (1, QUARTER, QUARTER + 1)] == [1, 1, 2]
    assert microseconds(quarter_end(quarter_number(QUARTER))) == QUARTER


def test_a_day_ends_with_its_last_quarter():
    last = 19_723 * 96  # ends with the year 2023 in UTC
    assert [local_day(number, UTC) for number in (last, last + 1)] == [date(2023, 12, 31), NEW_YEAR]
    assert [local_day(number, BERLIN) for number in (last - 4, last - 3)] == [date(2023, 12, 31), NEW_YEAR]
