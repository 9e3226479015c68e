"""Where one rule of the ledger ends and the next begins."""

import pytest

from tests.usage.may import JUNE, MAY, MINUTE, NEW, NOON, RAX, REST, events, poll, qualities
from tests.usage.worlds import DAY, HOUR, INTERVAL
from usage.ledger import (
    COST,
    COVERAGE,
    REQUESTS,
    TOKENS,
    UNATTRIBUTED,
    Event,
    OutOfOrderError,
    Quality,
    SeriesKey,
    extend,
    fold,
    poll_of,
)
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


def test_a_poll_is_believed_as_a_whole_or_not_at_all():
    first = poll(NOON, 100, {RAX: 90, NEW: 10})
    one = poll(NOON + 5 * MINUTE, 120, {RAX: 80, NEW: 40})
    ledger = fold([first, one])
    assert ledger.state.counters == {RAX: 90, NEW: 10}
    assert [waiting.at for waiting in ledger.state.pending] == [one.at]


def test_no_sum_goes_beyond_what_can_be_stored():
    most = 1 << 53
    ledger = fold(
        [
            poll(NOON, most),
            poll(NOON + MINUTE, most + 1),
            poll(JUNE + MINUTE, 1, start=JUNE, end=JUNE + 30 * DAY),
        ]
    )
    assert events(ledger) == [Event.REJECTED] * 2
    assert ledger.state.counters == {RAX: most}


def test_of_two_answers_of_one_instant_the_one_that_can_be_used_counts():
    odd = poll(NOON, 900, {RAX: -1})
    assert fold([poll(NOON, 700), odd]) == fold([odd, poll(NOON, 700)]) == fold([poll(NOON, 700)])


def test_a_period_without_an_end_is_greater_than_one_with():
    told, untold = poll(NOON, 700), poll(NOON, 700, end=None)
    assert fold([told, untold]).state.period.end is None


def test_an_untold_metric_stands_still():
    first = poll_of(NOON, NOON, MAY, JUNE, {TOKENS: 5, REQUESTS: 2}, {}, INTERVAL)
    second = poll_of(NOON + MINUTE, NOON + MINUTE, MAY, JUNE, {TOKENS: 7}, {}, INTERVAL)
    assert fold([first, second]).state.counters == {REST: 7, SeriesKey(UNATTRIBUTED, REQUESTS): 2}


def costing(at, millionths, metric=COST, start=MAY, end=JUNE):
    return poll_of(at, at, start, end, {TOKENS: 5, REQUESTS: 0, metric: millionths}, {}, INTERVAL)


def test_a_cost_is_counted_like_tokens_and_has_no_models():
    ledger = fold([costing(NOON, 0), costing(NOON + MINUTE, 1_250_000)])
    assert bucket(ledger.knots, SeriesKey(UNATTRIBUTED, COST), NOON, NOON + MINUTE) == 1_250_000


def test_a_cost_that_is_told_later_is_counted_from_there_on():
    ledger = fold([poll(NOON, 5), costing(NOON + MINUTE, 900), costing(NOON + 2 * MINUTE, 1_000)])
    series = SeriesKey(UNATTRIBUTED, COST)
    assert value_at(ledger.knots, series, NOON + MINUTE) == 0
    assert bucket(ledger.knots, series, NOON, NOON + HOUR) == 100
    assert ledger.state.counters[series] == 1_000


def test_costs_in_two_currencies_are_never_added():
    ledger = fold([costing(NOON, 7), costing(NOON + MINUTE, 9, "cost:EUR")])
    assert ledger.state.total(COST) == 7
    assert ledger.state.total("cost:EUR") == 9


@pytest.mark.parametrize("count", [-1, (1 << 53) + 1])
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
