"""Transactions stay short, also where answers are large."""

from dataclasses import replace
from datetime import UTC, datetime

from rax import RawAnswer
from usage.books.answers.answer import Answer
from usage.books.answers.batches import bounded, weight

NOON = datetime(2026, 5, 30, 12, tzinfo=UTC)
MONTH = datetime(2026, 5, 1, tzinfo=UTC)


def answer(tokens=1):
    return Answer(1, 1, NOON, NOON, 300, period_start=MONTH, total_tokens=tokens, total_requests=1)


def test_an_answer_that_follows_another_weighs_one():
    assert weight(answer()) == 1


def test_an_answer_over_absurd_dates_is_not_heavy():
    assert weight(replace(answer(), period_start=datetime(1970, 1, 1, tzinfo=UTC))) == 1


def test_an_answer_with_many_models_weighs_as_much_as_its_rows():
    assert weight(replace(answer(), breakdown={f"model-{index}": (1, 1) for index in range(95)})) == 10


def test_an_answer_without_counters_weighs_one():
    assert weight(answer(tokens=None)) == 1


def test_batches_stay_below_the_limit_and_lose_nothing():
    weights = [1, 99, 1, 30, 30, 30, 30, 250, 1]
    batches = list(bounded(weights, int))
    assert batches == [[1, 99], [1, 30, 30, 30], [30], [250], [1]]


def test_a_large_body_weighs_as_much_as_some_answers():
    received = RawAnswer(200, {}, None, b"x" * 256 * 1024)
    assert weight(replace(answer(None), received=received)) == 5
