"""How far this server's clock and a provider's differ."""

from datetime import UTC, datetime, timedelta

from rax import RawAnswer
from usage.books.answers.answer import Answer
from usage.polls.provider_clock import difference, samples, usable

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def answer(date):
    return Answer(1, 1, NOON - SECOND, NOON, 300, received=RawAnswer(200, {}, date))


def test_the_header_s_seconds_are_rounded_down():
    assert samples(None, answer(NOON - 7 * SECOND)) == [6.5]


def test_the_newest_five_are_kept():
    told: list[float] = []
    for seconds in range(8):
        told = samples(told, answer(NOON - seconds * SECOND))
    assert told == [2.5, 3.5, 4.5, 5.5, 6.5]
    assert difference(told) == 4.5


def test_one_answer_that_somebody_kept_moves_nothing():
    assert difference([1.0, 86_400.0, 1.2]) == 1.2


def test_an_answer_without_the_header_tells_nothing():
    assert samples([3.0], answer(None)) == [3.0]
    assert samples([3.0], Answer(1, 1, NOON, NOON, 300)) == [3.0]
    assert difference(samples(None, answer(None))) is None


def test_polls_are_placed_by_no_absurd_clock():
    told = samples(None, answer(datetime(1, 1, 1, tzinfo=UTC)))
    assert usable(difference(told)) == timedelta()
    assert usable(None) == timedelta()
    assert usable(-130.0) == timedelta(seconds=-130)
