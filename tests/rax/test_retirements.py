"""When a model retires is read from what servers tell of it, however they write it; junk is no day."""

from datetime import date

import pytest

from rax._models import RETIREMENT_FIELDS, _read_model

DAY = date(2026, 12, 19)


def told(**fields):
    return _read_model({"id": "rax-4.0"} | fields).retires_on


@pytest.mark.parametrize("field", RETIREMENT_FIELDS)
@pytest.mark.parametrize(
    "value",
    [
        "2026-12-19",
        " 2026-12-19 ",
        "20261219",
        "2026-12-19T12:30:00Z",
        "2026-12-19T00:00:00+09:00",
        "2026-12-19 23:59:59",
        "2026-12-19T23:59:59.999999+00:00",
        1_797_638_400,
        1_797_638_400.5,
        1_797_638_400_000,
        "1797638400",
        "1797638400000",
    ],
)
def test_a_day_is_read_however_it_is_written(field: str, value: object) -> None:
    assert told(**{field: value}) == DAY


JUNK: list[object] = [None, "", "soon", "never", "0000-00-00", "2026-13-45", "1970-01-01", "9" * 400]
JUNK += [0, -1, -1_797_638_400, 10**30, 1e300, float("nan"), True, [], {}, ["2026-12-19"], {"at": "2026"}]


@pytest.mark.parametrize("value", JUNK)
def test_what_is_no_day_is_none(value: object) -> None:
    assert told(shutdown_date=value) is None


@pytest.mark.parametrize("value", ["9999-12-31", 253_402_300_799])
def test_a_day_far_ahead_is_one(value: object) -> None:
    assert told(sunset_at=value) == date(9999, 12, 31)


def test_the_last_day_counts_before_the_first_one_on_which_it_is_not_to_be_used() -> None:
    both = {"deprecated_at": "2026-10-01", "shutdown_date": "2026-12-19"}
    assert told(**both) == DAY
    assert told(**both, sunset_at="2026-11-01") == DAY
    assert told(deprecated_at="2026-12-19", shutdown_date=None, sunset_at="junk") == DAY
