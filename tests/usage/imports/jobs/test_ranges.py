"""What an answer about dates tells, whatever its shape; days that do not add up are told by none."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from rax import Limits, RawAnswer, UsageAnswer
from rax._usage import read_usage
from usage.imports.jobs.ranges import NotTold, days_of, is_honoured

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 3)
NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)
NAIROBI = ZoneInfo("Africa/Nairobi")
TOTALS = {"total_tokens": 9, "total_requests": 3}
LISTED = [
    {"date": "2026-03-01", "tokens": 4, "requests": 1, "cost": 0.5},
    {"date": "2026-03-03", "tokens": 5, "requests": 2},
]


def answer(value: dict[str, Any]) -> UsageAnswer:
    received = RawAnswer(200, {}, None)
    times = {"started_at": NOON, "ended_at": NOON}
    return read_usage(value, body=orjson.dumps(value), limits=Limits(NOON), answer=received, **times)


@pytest.mark.parametrize(
    ("start", "end", "is_it"),
    [
        ("2026-03-01", "2026-03-03", True),
        ("2026-03-01T00:00:00Z", "2026-03-03T23:59:59Z", True),
        ("2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z", True),
        ("2026-03-01T00:00:00+03:00", "2026-03-04T00:00:00+03:00", True),
        ("2026-03-01", "2026-03-31", False),
        ("2026-02-28", "2026-03-03", False),
        ("2026-03-01", "2026-03-05T00:00:00Z", False),
        (None, None, False),
    ],
)
def test_dates_are_honoured_where_the_answer_is_of_them(start: str, end: str, *, is_it: bool) -> None:
    for told in ({"period": {"start": start, "end": end}}, {"period_start": start, "period_end": end}):
        assert is_honoured(answer(TOTALS | told), FIRST, LAST, NAIROBI) is is_it


def test_a_day_that_is_not_listed_used_nothing() -> None:
    found = days_of(answer(TOTALS | {"daily_breakdown": LISTED, "currency": "EUR"}), FIRST, LAST)
    assert [(day.day.day, day.tokens, day.requests, day.cost) for day in found] == [
        (1, 4, 1, 500_000),
        (2, 0, 0, None),
        (3, 5, 2, None),
    ]
    assert found[0].cost_metric == "cost:EUR"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"daily_breakdown": []},
        {"daily_breakdown": LISTED[:1]},
        {"daily_breakdown": [*LISTED, LISTED[0]]},
        {"daily_breakdown": LISTED, "total_requests": 4},
        {"daily_breakdown": LISTED, "total_tokens": None},
        {"daily_breakdown": [*LISTED, {"date": "2026-03-04", "tokens": 0, "requests": 0}]},
        {"daily_breakdown": [*LISTED, {"date": "2026-03-02", "tokens": "x", "requests": 0}]},
    ],
)
def test_days_that_do_not_add_up_are_not_told(told: dict[str, Any]) -> None:
    with pytest.raises(NotTold):
        days_of(answer(TOTALS | told), FIRST, LAST)


def test_one_day_is_all_of_its_answer_with_its_models() -> None:
    models = {"a": {"tokens": 5, "requests": 1}, "(unattributed)": {"tokens": 1, "requests": 1}}
    (day,) = days_of(answer(TOTALS | {"breakdown": models, "total_cost": "1.25"}), FIRST, FIRST)
    assert (day.tokens, day.requests, day.models) == (9, 3, {"a": (5, 1)})
    assert (day.cost, day.cost_metric) == (1_250_000, "cost")


def test_what_a_day_does_not_tell_is_not_nothing() -> None:
    (day,) = days_of(answer({"total_tokens": 9}), FIRST, FIRST)
    assert (day.tokens, day.requests) == (9, None)
