"""What people say of counters that began again is an input of every fold, beside the raw polls."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from tests.usage.polled import answer, make_meter
from tests.usage.stored import assert_stored_equals_fold
from usage.books import retention
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.verify import meter_differences, rebuild, team_differences
from usage.ledger import Event
from usage.ledger.words import microseconds
from usage.models import Annotation, CounterReset, Meter, Period

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HALF_A_SECOND = timedelta(milliseconds=500)
# The fall at noon is confirmed half an hour later.
TOLD = {-20: 600, -10: 700, 0: 40, 10: 45, 20: 50, 30: 55, 40: 60}


@pytest.fixture
def meter(cast: Cast) -> Meter:
    meter = make_meter(cast.key, NOON)
    store(told(meter, minutes) for minutes in TOLD)
    return meter


def told(meter: Meter, minutes: int, tokens: int | None = None) -> Answer:
    counters = {"rax-4.0": (TOLD[minutes] if tokens is None else tokens, 1)}
    return answer(meter, NOON + minutes * MINUTE, counters, *PERIOD)


def say(meter: Meter, minutes: int = 0) -> CounterReset:
    at = microseconds(NOON + minutes * MINUTE + HALF_A_SECOND)
    return CounterReset.objects.create(meter=meter, at=at, decided_at=NOON)


def used(meter: Meter) -> int:
    state = Meter.objects.get(pk=meter.pk).ledger_state
    assert state
    return sum(amount for series, amount in state.amounts.items() if series.metric == "tokens")


def test_a_counter_that_began_again_goes_on_from_what_was_counted(meter: Meter) -> None:
    assert used(meter) == 60
    say(meter)
    rebuild(meter)
    assert used(meter) == 760
    assert Annotation.objects.get().event == Event.RESET
    assert Period.objects.filter(meter=meter).count() == 2
    assert_stored_equals_fold(meter.team, meter)


def test_verify_holds_the_books_against_what_was_said(meter: Meter) -> None:
    said = say(meter)
    assert "knots" in meter_differences(meter)
    rebuild(meter)
    assert meter_differences(meter) == []
    assert team_differences(meter.team) == []
    said.delete()
    assert "knots" in meter_differences(meter)


def test_what_was_said_and_taken_back_leaves_no_trace(meter: Meter) -> None:
    said = say(meter)
    rebuild(meter)
    said.delete()
    rebuild(meter)
    assert used(meter) == 60
    assert_stored_equals_fold(meter.team, meter)


@pytest.mark.parametrize("minutes", [-15, 5, 25])
def test_an_answer_that_comes_late_is_folded_with_it(meter: Meter, minutes: int) -> None:
    say(meter)
    rebuild(meter)
    store([told(meter, minutes, 650 if minutes < 0 else 42)])
    assert_stored_equals_fold(meter.team, meter)
    assert meter_differences(meter) == []


def test_of_an_answer_that_was_deleted_it_says_nothing(meter: Meter) -> None:
    say(meter)
    rebuild(meter)
    for month in range(1, 7):
        started, ended = (datetime(2027, number, 1, tzinfo=UTC) for number in (month, month + 1))
        store([answer(meter, started + timedelta(days=9), {"rax-4.0": (100, 1)}, started, ended)])
    before = used(meter)
    assert retention.prune(meter.pk, NOON + timedelta(days=200))
    assert not meter.polls.filter(at=CounterReset.objects.get().at).exists()
    assert meter_differences(Meter.objects.get(pk=meter.pk)) == []
    rebuild(Meter.objects.get(pk=meter.pk))
    assert used(meter) == before
