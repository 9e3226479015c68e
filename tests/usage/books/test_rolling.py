"""A provider whose window rolls: each poll names a later start, and costs no more than the one before."""

import random

import pytest

from tests.usage.stored import assert_stored_equals_fold, make_meter
from usage.books import ingest
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.ledger.words import moment
from usage.models import Knot

MINUTE = 60_000_000
STEP = 5 * MINUTE
WINDOW = 60 * STEP - MINUTE
START = 1_700_000_100_000_000

pytestmark = pytest.mark.django_db


class Roller:
    """Counts what was used in the last five hours."""

    def __init__(self, meter):
        self.meter = meter
        self.used = random.Random(7).choices(range(0, 900, 7), k=500)

    def answer(self, number):
        """The answer to the poll of a number; usage comes in the middle of a step."""
        at = START + WINDOW + number * STEP
        first = max(0, number - 60)
        tokens = sum(self.used[first:number])
        return Answer(
            meter_id=self.meter.pk,
            slot=number,
            started_at=moment(at),
            ended_at=moment(at),
            interval_seconds=300,
            status=200,
            period_start=moment(at - WINDOW),
            period_end=moment(at),
            total_tokens=tokens,
            total_requests=number - first,
            breakdown={"rax-4.0": (tokens, number - first)},
        )


@pytest.fixture
def roller(team):
    return Roller(make_meter(team))


def test_polls_one_by_one_are_stored_as_the_fold_says(team, roller, monkeypatch):
    def refuse(*_):
        raise AssertionError("a poll that comes in order is never a reason to fold the past again")

    monkeypatch.setattr(ingest, "refold", refuse)
    for number in range(1, 160):
        store([roller.answer(number)])
    assert Knot.objects.filter(firm=False).count() > 60
    assert_stored_equals_fold(team, roller.meter)


def test_batches_and_late_polls_are_stored_as_the_fold_says(team, roller):
    numbers = [*range(1, 100), *range(101, 130), 100, 130]
    for place in range(0, len(numbers), 13):
        store(roller.answer(number) for number in numbers[place : place + 13])
    assert_stored_equals_fold(team, roller.meter)


def test_a_poll_costs_the_same_however_many_came_before(roller, django_assert_max_num_queries):
    for place in range(1, 140, 20):
        store(roller.answer(number) for number in range(place, place + 20))
    with django_assert_max_num_queries(45):
        store([roller.answer(141)])
