"""What the ledger reads of an answer, and what a row keeps of its models."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.books.answers.answer import Answer, cost_metric
from usage.books.answers.breakdown import LARGEST_INTEGER, MOST_MODELS, bounded
from usage.ledger.words import OTHER_MODELS, microseconds

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANSWER = Answer(
    1,
    1,
    NOON,
    NOON,
    300,
    period_start=NOON - 25 * DAY,
    period_end=NOON + DAY,
    total_tokens=5,
    total_requests=1,
)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, ""),
        ({"error": "It is empty."}, "It is empty."),
        ({"total_requests": None}, ""),
        ({"total_tokens": None}, ""),
        ({"total_tokens": None, "total_requests": None, "cost": Decimal(5)}, "It tells no total."),
        ({"period_start": None}, "It names no billing period."),
        ({"period_start": datetime(1969, 12, 31, tzinfo=UTC)}, "Its billing period begins before 1970."),
        ({"period_end": NOON - 25 * DAY}, "Its period ends before it begins."),
        ({"period_start": NOON + DAY, "period_end": None}, ""),
        (
            {"period_start": NOON + DAY + timedelta(microseconds=1), "period_end": None},
            "Its period begins more than a day ahead.",
        ),
        ({"breakdown": {"rax": (-1, None)}}, "It counts below zero."),
        ({"total_tokens": (1 << 53) + 1}, "It counts more than can be added up."),
        ({"total_tokens": 1 << 53}, ""),
        ({"breakdown": {"a": (1 << 53, 1), "b": (1, 1)}}, "It counts more than can be added up."),
    ],
)
def test_it_says_why_it_is_not_counted(changes, refusal):
    answer = replace(ANSWER, **changes)
    assert answer.refusal == refusal
    assert (answer.poll() is None) == bool(refusal)


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (None, None),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), None),
        (datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_an_end_that_never_comes_is_none(told, end):
    poll = replace(ANSWER, period_end=told).poll()
    assert poll.period_end == (end and microseconds(end))


def test_a_count_that_is_not_known_is_not_told_to_the_ledger():
    poll = replace(ANSWER, breakdown={"rax-4.0": (None, 1), "rax-4.5": (2, None)}).poll()
    assert {tuple(series): count for series, count in poll.models.items()} == {
        ("rax-4.0", "requests"): 1,
        ("rax-4.5", "tokens"): 2,
    }


@pytest.mark.parametrize(
    ("changes", "totals"),
    [
        ({}, {"tokens": 5, "requests": 1}),
        ({"total_requests": None}, {"tokens": 5}),
        ({"cost": Decimal("0.0000015")}, {"tokens": 5, "requests": 1, "cost": 1}),
        ({"cost": Decimal(0), "currency": "EUR"}, {"tokens": 5, "requests": 1, "cost:EUR": 0}),
        ({"cost": Decimal(-1)}, {"tokens": 5, "requests": 1}),
        ({"cost": Decimal(10) ** 18}, {"tokens": 5, "requests": 1}),
    ],
)
def test_a_total_that_cannot_be_counted_is_no_part_of_a_poll(changes, totals):
    assert replace(ANSWER, **changes).poll().totals == totals


@pytest.mark.parametrize(
    ("currency", "metric"),
    [
        (None, "cost"),
        ("USD", "cost"),
        (" usd ", "cost"),
        ("EUR", "cost:EUR"),
        ("eur", "cost:EUR"),
        ("", "cost:?"),
        ("€", "cost:?"),
        ("credits", "cost:?"),
        ("ßßß", "cost:?"),
        ("e\u0131r", "cost:?"),
        ("12 ", "cost:?"),
    ],
)
def test_money_of_each_currency_is_a_metric_of_its_own(currency, metric):
    assert cost_metric(currency) == metric


@given(st.text(max_size=16) | st.none())
def test_any_currency_is_a_metric_that_a_column_holds(currency):
    assert 4 <= len(cost_metric(currency)) <= 10


def test_a_thousand_models_keep_their_names():
    models = {f"m{number}": (number, 1) for number in range(MOST_MODELS)}
    assert bounded(models) == models


def test_the_largest_keep_their_names_and_of_equals_the_first_by_name():
    models = {f"m{number:04}": (7, 1) for number in range(MOST_MODELS + 5)} | {"zz": (8, None)}
    kept = bounded(models)
    assert set(models) - set(kept) == {f"m{number:04}" for number in range(MOST_MODELS - 1, MOST_MODELS + 5)}
    assert kept[OTHER_MODELS] == (6 * 7, 6)


def test_the_sum_of_the_others_is_no_larger_than_a_column():
    models = {f"m{number}": (LARGEST_INTEGER, None) for number in range(MOST_MODELS + 2)}
    assert bounded(models)[OTHER_MODELS] == (LARGEST_INTEGER, None)


@given(st.permutations(range(MOST_MODELS + 3)))
def test_the_order_of_an_answer_changes_nothing(order):
    models = {f"m{number}": (number % 7, 1) for number in order}
    assert bounded(models) == bounded(dict(sorted(models.items())))
