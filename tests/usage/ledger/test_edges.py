"""Where one rule of the ledger ends and the next begins."""

import pytest

from tests.usage.may import JUNE, MAY, MINUTE, NEW, NOON, RAX, REST, events, poll, qualities
from tests.usage.worlds import DAY, HOUR, INTERVAL
from usage.ledger import COVERAGE, TOKENS, Event, OutOfOrderError, Quality, SeriesKey, extend, fold, poll_of
from usage.ledger.grid import bucket, value_at

MEASURED = SeriesKey(Quality.MEASURED, COVERAGE)


def test_up_to_one_and_a_half_intervals_are_measured():
    late = INTERVAL * 3 // 2
    for gap, quality in ((late, Quality.MEASURED), (late + 1, Quality.INTERPOLATED)):
        ledger = fold([poll(NOON, 700), poll(NOON + gap, 750)])
        assert qualities(ledger)[-1] == quality


def test_watched_time_is_counted_like_tokens():
    ledger = fold([poll(NOON + 5 * minutes * MINUTE, 700) for minutes in range(4)])
    assert value_at(ledger.knots, MEASURED, NOON + HOUR) == 15 * MINUTE


def test_of_two_answers_of_one_instant_the_one_asked_last_counts():
    early, late = (
        poll_of(at, at, NOON, JUNE, {TOKENS: count, "requests": 0}, {}, INTERVAL)
        for at, count in ((NOON - HOUR, 900), (NOON - MINUTE, 700))
    )
    assert early.at == late.at == NOON + 1
    assert fold([early, late]).state == fold([late, early]).state == fold([late]).state


def test_a_poll_from_before_the_last_cannot_be_appended():
    state, _ = extend(None, [poll(NOON, 700)])
    for at in (NOON, NOON - 1):
        with pytest.raises(OutOfOrderError):
            extend(state, [poll(at, 710)])


def test_readings_that_fell_in_different_places_confirm_nothing():
    first = poll(NOON, 100, {RAX: 90, NEW: 10})
    one = poll(NOON + 5 * MINUTE, 100, {RAX: 80, NEW: 20})
    other = poll(NOON + 10 * MINUTE, 100, {RAX: 95, NEW: 5})
    ledger = fold([first, one, other])
    assert events(ledger) == [Event.GLITCH]
    assert ledger.state.counters == {RAX: 90, NEW: 10}
    assert ledger.state.pending == other


@pytest.mark.parametrize("count", [-1, 1 << 60])
@pytest.mark.parametrize("total", [None, 5])
def test_a_count_that_no_counter_has_is_rejected(count, total):
    odd = poll(NOON + 5 * MINUTE, count if total is None else total, {RAX: count})
    ledger = fold([poll(NOON, 3), odd])
    assert events(ledger) == [Event.REJECTED]
    assert ledger.state.counters == {RAX: 3}


def test_a_mismatch_that_lasts_is_told_once():
    ledger = fold([poll(NOON, 30, {RAX: 31}), poll(NOON + 5 * MINUTE, 40, {RAX: 41})])
    assert ledger.state.counters == {RAX: 41, REST: -1}
    assert events(ledger) == [Event.MISMATCH]


def test_what_is_named_later_is_told():
    ledger = fold([poll(NOON, 30, {RAX: 10}), poll(NOON + 5 * MINUTE, 35, {RAX: 25})])
    assert ledger.state.counters == {RAX: 25, REST: 10}
    assert [(note.event, note.amounts) for note in ledger.annotations] == [(Event.REATTRIBUTED, {REST: -10})]


def test_each_period_goes_on_from_all_before():
    july = JUNE + 30 * DAY
    polls = [poll(NOON, 700), poll(JUNE + HOUR, 8, start=JUNE, end=july)]
    ledger = fold([*polls, poll(july + HOUR, 5, start=july, end=july + 31 * DAY)])
    assert value_at(ledger.knots, RAX, july + HOUR) == 713
    assert bucket(ledger.knots, RAX, MAY, july) == 708


def test_what_follows_a_rollover_is_measured_from_the_period_s_start():
    polls = [poll(JUNE - 2 * HOUR, 700), poll(JUNE + MINUTE, 8, start=JUNE, end=JUNE + 30 * DAY)]
    assert qualities(fold(polls))[-2:] == [Quality.TAIL_UNKNOWN, Quality.MEASURED]


def test_a_period_that_was_told_beyond_its_end_stays():
    """The provider was late to begin June: May ended all the same, and is no reading that June replaced."""
    told = [poll(JUNE - HOUR, 700), poll(JUNE + MINUTE, 705)]
    ended = fold([*told, poll(JUNE + 2 * MINUTE, 2, start=JUNE, end=JUNE + 30 * DAY)])
    moved = fold([*told, poll(JUNE + 2 * MINUTE, 2, start=JUNE - MINUTE, end=JUNE + 30 * DAY)])
    assert [period.superseded for period in ended.periods] == [False, False]
    assert [period.superseded for period in moved.periods] == [True, False]
