"""At most so many models have a line of their own; the others are one."""

from tests.usage.may import JUNE, MAY, MINUTE, NOON, poll
from tests.usage.worlds import DAY
from usage.ledger import OTHER_MODELS, TOKENS, SeriesKey, fold

OTHERS = SeriesKey(OTHER_MODELS, TOKENS)


def told(at, start=MAY, **models):
    end = JUNE if start == MAY else JUNE + 30 * DAY
    named = {SeriesKey(name, TOKENS): count for name, count in models.items()}
    return poll(at, sum(models.values()), named, start, end)


def counters(*polls):
    state = fold(polls, most_seats=2).state
    return {series.model: count for series, count in state.counters.items()}


def test_those_with_most_tokens_have_a_seat_then_by_name():
    assert counters(told(NOON, d=9, c=5, b=5, a=1)) == {"d": 9, "b": 5, OTHER_MODELS: 6}


def test_a_newcomer_takes_a_free_seat_and_no_other():
    assert counters(told(NOON, a=1), told(NOON + MINUTE, a=1, b=7, c=9)) == {"a": 1, "c": 9, OTHER_MODELS: 7}


def test_those_that_moved_before_come_first_in_the_next_period():
    may = told(NOON, a=5, b=3, c=1)
    june = told(JUNE + MINUTE, start=JUNE, x=90, y=80, a=1)
    assert counters(may, june) == {"a": 1, OTHER_MODELS: 170}


def test_the_others_never_fall_when_one_is_told_no_more():
    assert counters(told(NOON, a=5, b=4, c=3, d=2), told(NOON + MINUTE, a=9, b=4, c=3)) == {
        "a": 9,
        "b": 4,
        OTHER_MODELS: 5,
        "(unattributed)": -2,
    }


def test_what_is_taken_back_of_a_model_without_a_seat_is_not_left_with_the_others():
    fallen = (told(NOON + minutes * MINUTE, a=60, b=30, c=2) for minutes in (10, 50))
    assert counters(told(NOON, a=60, b=30, c=10), *fallen) == {"a": 60, "b": 30, OTHER_MODELS: 2}


def test_a_model_cannot_take_the_name_of_the_others():
    first = poll(NOON, 9, {SeriesKey("a", TOKENS): 4, OTHERS: 5})
    assert fold([first]).state.counters == {SeriesKey("a", TOKENS): 4, OTHERS: 5}
    assert fold([first]).state.seats == {"a"}


def test_many_models_leave_a_hundred_lines():
    many = {SeriesKey(f"model {number}", TOKENS): number for number in range(100_000)}
    ledger = fold([poll(NOON, sum(many.values()), many)])
    assert len(ledger.state.counters) == 101
    assert ledger.state.counters[OTHERS] == sum(range(99_900))
