"""Each row of the table of rules, told as one story."""

from datetime import datetime

import pytest

from tests.usage.may import JUNE, MAY, MINUTE, NEW, NOON, RAX, REST, events, poll, qualities, row
from tests.usage.worlds import DAY, HOUR, SECOND
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


def test_a_lower_reading_waits_for_half_an_hour():
    ledger = fold(row(700, 500, 501, 502, 503, 504, 505))
    assert value_at(ledger.knots, RAX, NOON + HOUR) == 700
    assert [waiting.totals[TOKENS] for waiting in ledger.state.pending] == [500, 501, 502, 503, 504, 505]


def test_a_confirmed_correction_is_one_negative_step_where_it_was_first_read():
    ledger = fold(row(700, 500, 501, 502, 503, 504, 505, 510))
    step = NOON + 5 * MINUTE
    assert bucket(ledger.knots, RAX, MAY, step - 1) == 700
    assert bucket(ledger.knots, RAX, step - 1, step) == -200
    assert bucket(ledger.knots, RAX, step, step + 30 * MINUTE) == 10
    assert [note.amounts for note in ledger.annotations] == [{RAX: -200}]


def test_a_fall_of_half_an_hour_needs_two_polls():
    assert fold(row(700, 500, every=60)).state.counters == {RAX: 700}
    assert fold(row(700, 500, 500, every=60)).state.counters == {RAX: 500}


def test_a_copy_that_is_behind_now_and_then_takes_nothing_back():
    ledger = fold(row(700, 640, 650, 720, 660, 670, 740, 690, 750))
    assert events(ledger) == [Event.GLITCH] * 3
    assert bucket(ledger.knots, RAX, NOON, NOON + HOUR) == 50


def test_other_models_go_on_growing_through_a_correction():
    first = poll(NOON, 100, {RAX: 90, NEW: 10})
    lower = poll(NOON + 5 * MINUTE, 60, {RAX: 40, NEW: 20})
    ledger = fold([first, lower, poll(NOON + 35 * MINUTE, 60, {RAX: 40, NEW: 20})])
    assert bucket(ledger.knots, NEW, NOON, NOON + 5 * MINUTE - 1) == 10
    assert ledger.state.counters == {RAX: 40, NEW: 20}


def test_a_model_that_falls_to_nothing_falls_in_the_last_microsecond():
    first = poll(NOON, 100, {RAX: 90, NEW: 10})
    without = [poll(NOON + minutes * MINUTE, 90, {RAX: 90, NEW: 0}) for minutes in (5, 35)]
    ledger = fold([first, *without])
    assert value_at(ledger.knots, NEW, NOON + 5 * MINUTE - 1) == 10
    assert value_at(ledger.knots, NEW, NOON + 5 * MINUTE) == 0


def test_a_fall_below_the_waiting_reading_waits_again():
    ledger = fold(row(700, 500, 400, 410, 420, 430, 440, 450))
    assert ledger.state.counters == {RAX: 500}
    assert ledger.state.pending[0].totals[TOKENS] == 400


def test_a_fall_after_the_end_steps_in_the_last_microsecond_before_it():
    told = [poll(JUNE - 10 * MINUTE, 90), poll(JUNE + 5 * MINUTE, 100)]
    fallen = [poll(JUNE + minutes * MINUTE, 60) for minutes in (60, 100)]
    ledger = fold([*told, *fallen])
    assert [knot.at for knot in ledger.knots[-2:]] == [JUNE - 1, JUNE]
    assert bucket(ledger.knots, RAX, JUNE - 1, JUNE) == -40
    assert [note.at for note in ledger.annotations] == [fallen[0].at]


def test_a_person_may_say_that_a_fall_was_a_reset():
    polls = row(700, 20, 30, 40)
    said = fold(polls, resets={polls[1].at})
    assert (value_at(said.knots, RAX, NOON + HOUR), value_at(fold(polls).knots, RAX, NOON + HOUR)) == (
        740,
        700,
    )
    assert events(said) == [Event.RESET]
    assert qualities(said)[1:] == [Quality.TAIL_UNKNOWN, Quality.MEASURED, Quality.MEASURED]
    assert [period.start for period in said.periods] == [MAY, NOON]
    assert [period.told_start for period in said.periods] == [MAY, MAY]


def test_a_rollover_starts_from_zero_and_flags_the_tail():
    last = JUNE - 3 * MINUTE
    ledger = fold([poll(last, 700), poll(JUNE + MINUTE, 8, start=JUNE, end=JUNE + 30 * DAY)])
    assert bucket(ledger.knots, RAX, last, JUNE) == 0
    assert bucket(ledger.knots, RAX, JUNE, JUNE + MINUTE) == 8
    assert value_at(ledger.knots, SeriesKey(Quality.TAIL_UNKNOWN, COVERAGE), JUNE) == 3 * MINUTE
    assert ledger.periods[0].tail == 3 * MINUTE


def test_a_counter_speaks_of_its_own_period_only():
    ledger = fold([poll(JUNE + 26 * DAY, 1_500)])
    assert [knot.at for knot in ledger.knots] == [MAY, JUNE]
    assert value_at(ledger.knots, RAX, JUNE) == 1_500


def test_what_is_told_after_the_end_is_used_before_it():
    late = [poll(JUNE - 10 * SECOND, 1_000), poll(JUNE + 10 * SECOND, 1_040)]
    ledger = fold([*late, poll(JUNE + 5 * MINUTE, 50, start=JUNE, end=JUNE + 30 * DAY)])
    assert bucket(ledger.knots, RAX, MAY, JUNE) == 1_040
    assert bucket(ledger.knots, RAX, JUNE, JUNE + HOUR) == 50
    assert [(period.tail, period.exact) for period in ledger.periods] == [(0, True), (0, True)]


def test_the_largest_end_counts_and_one_that_shrank_is_not_exact():
    longer = JUNE + 4 * DAY
    ledger = fold([poll(NOON, 9, end=longer), poll(NOON + MINUTE, 10), poll(JUNE + DAY, 12)])
    assert ledger.knots[-1].at == JUNE + DAY
    assert (ledger.periods[0].end, ledger.periods[0].exact) == (longer, False)


def test_more_that_is_told_of_an_older_period_stays_beside_it():
    fresh = poll(JUNE + 2, 8, start=JUNE, end=JUNE + 30 * DAY)
    ledger = fold([poll(JUNE - MINUTE, 700), fresh, poll(JUNE + MINUTE, 720), poll(JUNE + HOUR, 690)])
    assert ledger.told_late == {MAY: {TOKENS: 720}}
    assert value_at(ledger.knots, RAX, JUNE) == 700


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
