"""Each row of the table of rules, told as one story."""

from datetime import datetime

import pytest

from tests.usage.may import JUNE, MAY, MINUTE, NEW, NOON, RAX, REST, events, poll, qualities
from tests.usage.worlds import DAY, HOUR
from usage.ledger import (
    COVERAGE,
    TOKENS,
    Event,
    OutOfOrderError,
    Quality,
    SeriesKey,
    exclusive_end,
    extend,
    fold,
)
from usage.ledger.grid import bucket, value_at
from usage.ledger.words import microseconds, moment


def test_the_first_poll_counts_what_was_used_before_watching():
    ledger = fold([poll(NOON, 700)])
    assert bucket(ledger.knots, RAX, MAY, NOON) == 700
    assert qualities(ledger) == [Quality.BEFORE_WATCHING]


def test_a_growing_counter_is_measured():
    ledger = fold([poll(NOON, 700), poll(NOON + 5 * MINUTE, 750)])
    assert bucket(ledger.knots, RAX, NOON, NOON + 5 * MINUTE) == 50
    assert qualities(ledger)[-1] == Quality.MEASURED


def test_missed_polls_lose_only_the_spread():
    ledger = fold([poll(NOON, 0), poll(NOON + 2 * HOUR, 600)])
    assert bucket(ledger.knots, RAX, NOON, NOON + HOUR) == 300
    assert qualities(ledger)[-1] == Quality.INTERPOLATED


def test_a_lone_lower_reading_is_ignored():
    ledger = fold([poll(NOON, 700), poll(NOON + 5 * MINUTE, 9), poll(NOON + 10 * MINUTE, 720)])
    assert bucket(ledger.knots, RAX, NOON, NOON + 10 * MINUTE) == 20
    assert events(ledger) == [Event.GLITCH]


def test_a_lower_reading_waits_for_a_second():
    ledger = fold([poll(NOON, 700), poll(NOON + 5 * MINUTE, 500)])
    assert value_at(ledger.knots, RAX, NOON + HOUR) == 700
    assert ledger.state.pending.totals[TOKENS] == 500


def test_a_confirmed_correction_is_one_negative_step_where_it_was_first_read():
    polls = [poll(NOON, 700), poll(NOON + 5 * MINUTE, 500), poll(NOON + 10 * MINUTE, 510)]
    ledger = fold(polls)
    step = NOON + 5 * MINUTE
    assert bucket(ledger.knots, RAX, MAY, step - 1) == 700
    assert bucket(ledger.knots, RAX, step - 1, step) == -200
    assert bucket(ledger.knots, RAX, step, step + 5 * MINUTE) == 10
    assert [note.amounts for note in ledger.annotations] == [{RAX: -200}]


def test_other_models_go_on_growing_through_a_correction():
    first = poll(NOON, 100, {RAX: 90, NEW: 10})
    lower = poll(NOON + 5 * MINUTE, 60, {RAX: 40, NEW: 20})
    ledger = fold([first, lower, poll(NOON + 10 * MINUTE, 60, {RAX: 40, NEW: 20})])
    assert bucket(ledger.knots, NEW, NOON, NOON + 5 * MINUTE - 1) == 10
    assert ledger.state.counters == {RAX: 40, NEW: 20}


def test_a_fall_below_the_pending_reading_waits_again():
    polls = [poll(NOON + minutes * MINUTE, total) for minutes, total in ((0, 700), (5, 500), (10, 400))]
    ledger = fold(polls)
    assert ledger.state.counters == {RAX: 500}
    assert ledger.state.pending.totals[TOKENS] == 400


def test_a_rollover_starts_from_zero_and_flags_the_tail():
    last = JUNE - 3 * MINUTE
    ledger = fold([poll(last, 700), poll(JUNE + MINUTE, 8, start=JUNE, end=JUNE + 30 * DAY)])
    assert bucket(ledger.knots, RAX, last, JUNE) == 0
    assert bucket(ledger.knots, RAX, JUNE, JUNE + MINUTE) == 8
    assert value_at(ledger.knots, SeriesKey(Quality.TAIL_UNKNOWN, COVERAGE), JUNE) == 3 * MINUTE
    assert ledger.periods[0].tail == 3 * MINUTE


def test_a_correction_that_nobody_confirmed_before_the_rollover_is_told():
    lone = poll(JUNE - MINUTE, 500)
    ledger = fold([poll(JUNE - HOUR, 700), lone, poll(JUNE + MINUTE, 8, start=JUNE, end=None)])
    assert Event.UNCONFIRMED in events(ledger)
    assert ledger.periods[0].counters == {RAX: 700}


def test_a_whole_period_without_polls_stays_a_hole():
    july, august = JUNE + 30 * DAY, JUNE + 61 * DAY
    ledger = fold([poll(JUNE - HOUR, 700), poll(july + MINUTE, 5, start=july, end=august)])
    assert value_at(ledger.knots, SeriesKey(Quality.UNKNOWN, COVERAGE), july) == 30 * DAY
    assert Event.HOLE in events(ledger)


def test_a_boundary_that_moved_never_counts_twice():
    moved = NOON - HOUR
    ledger = fold([poll(moved, 600), poll(NOON, 700), poll(NOON + 5 * MINUTE, 120, start=moved)])
    assert value_at(ledger.knots, RAX, NOON + 5 * MINUTE) == 720
    assert value_at(ledger.knots, RAX, moved) == 600
    assert qualities(ledger)[-1] == Quality.BOUNDARY_MOVED
    assert ledger.periods[-1].exact


def test_a_boundary_between_two_polls_gets_its_knot_where_it_fits():
    start = NOON - 30 * MINUTE
    ledger = fold([poll(NOON - HOUR, 600), poll(NOON, 700), poll(NOON + MINUTE, 130, start=start)])
    assert value_at(ledger.knots, RAX, NOON + MINUTE) == 730
    assert value_at(ledger.knots, RAX, start) == 600


def test_a_moved_boundary_that_does_not_fit_is_marked():
    seen = [poll(NOON - HOUR, 600), poll(NOON, 700), poll(NOON + MINUTE, 900)]
    ledger = fold([*seen, poll(NOON + 2 * MINUTE, 10, start=NOON - HOUR // 2)])
    assert value_at(ledger.knots, RAX, NOON + 2 * MINUTE) == 900
    assert not ledger.periods[-1].exact


def test_a_moved_boundary_cannot_be_appended():
    state, _ = extend(None, [poll(NOON - HOUR, 600), poll(NOON, 700)])
    with pytest.raises(OutOfOrderError) as raised:
        extend(state, [poll(NOON + MINUTE, 120, start=NOON - HOUR)])
    assert raised.value.since == NOON - HOUR


def test_a_stale_answer_is_not_applied():
    fresh = poll(JUNE + MINUTE, 8, start=JUNE, end=None)
    ledger = fold([poll(NOON, 700), fresh, poll(JUNE + 2 * MINUTE, 710)])
    assert value_at(ledger.knots, RAX, JUNE + HOUR) == 708
    assert events(ledger)[-1] == Event.REJECTED


def test_an_answer_from_a_far_future_does_not_stop_the_meter():
    absurd = poll(NOON + MINUTE, 1, start=NOON + 900 * DAY, end=None)
    ledger = fold([poll(NOON, 700), poll(NOON + 5 * MINUTE, 705)])
    assert (
        fold([poll(NOON, 700), absurd, poll(NOON + 5 * MINUTE, 705)]).state.counters == ledger.state.counters
    )


def test_a_model_that_appears_had_zero_before():
    ledger = fold([poll(NOON, 10), poll(NOON + 5 * MINUTE, 30, {RAX: 10, NEW: 20})])
    assert bucket(ledger.knots, NEW, NOON, NOON + 5 * MINUTE) == 20
    assert bucket(ledger.knots, NEW, MAY, NOON) == 0


def test_a_model_that_disappears_keeps_its_last_value():
    ledger = fold([poll(NOON, 30, {RAX: 10, NEW: 20}), poll(NOON + 5 * MINUTE, 35, {RAX: 15})])
    assert ledger.state.counters == {RAX: 15, NEW: 20}


def test_what_the_models_do_not_explain_is_unattributed():
    ledger = fold([poll(NOON, 30, {RAX: 10})])
    assert ledger.state.counters == {RAX: 10, REST: 20}


def test_models_above_the_total_are_shown_as_a_mismatch():
    ledger = fold([poll(NOON, 30, {RAX: 31})])
    assert ledger.state.counters == {RAX: 31, REST: -1}
    assert events(ledger) == [Event.MISMATCH]


def test_a_model_cannot_take_the_name_of_the_residual():
    ledger = fold([poll(NOON, 30, {RAX: 10, REST: 20})])
    assert ledger.state.counters == {RAX: 10, REST: 20}


def test_a_lagging_clock_never_puts_a_poll_before_its_period():
    assert poll(JUNE - HOUR, 5, start=JUNE).at == JUNE + 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2024-01-31T23:59:59+00:00", "2024-02-01T00:00:00+00:00"),
        ("2024-01-31T23:59:59.999+00:00", "2024-02-01T00:00:00+00:00"),
        ("2024-02-01T00:00:00+00:00", "2024-02-01T00:00:00+00:00"),
    ],
)
def test_a_period_end_of_59_seconds_is_inclusive(said, meant):
    assert exclusive_end(datetime.fromisoformat(said)) == datetime.fromisoformat(meant)


def test_moments_survive_the_way_through_microseconds():
    assert microseconds(moment(NOON + 1)) == NOON + 1
