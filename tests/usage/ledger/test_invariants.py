"""The invariants of the ledger over random worlds, held against the truth that made the polls."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.usage.worlds import INTERVAL, chaos, honest_worlds
from usage.ledger import (
    COVERAGE,
    METRICS,
    TOKENS,
    Event,
    OutOfOrderError,
    Quality,
    SeriesKey,
    extend,
    fold,
)
from usage.ledger.grid import QUARTER, bucket, days, local_day, value_at
from usage.ledger.quarters import quarters
from usage.ledger.stretches import stretches_of
from usage.ledger.words import MICROSECOND, moment

ZONES = (
    "UTC",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/New_York",
    "America/Havana",
    "Europe/Berlin",
)


def series_of(ledger, metric=TOKENS):
    return {series for knot in ledger.knots for series in knot.values if series.metric == metric}


def used(ledger, start, end, metric=TOKENS):
    return sum(bucket(ledger.knots, series, start, end) for series in series_of(ledger, metric))


def span(ledger):
    return ledger.knots[0].at, ledger.knots[-1].at


def is_exact(ledger):
    return all(period.exact for period in ledger.periods)


@given(chaos, st.lists(st.integers(0, 10**12), max_size=5))
def test_any_partition_of_a_range_sums_to_the_range(polls, cuts):
    ledger = fold(polls)
    assume(ledger.knots)
    start, end = span(ledger)
    edges = sorted({start, end, *(start + cut % (end - start) for cut in cuts)})
    parts = sum(used(ledger, a, b) for a, b in pairwise(edges))
    assert parts == used(ledger, start, end)


def in_stretches(ledger, series, start, end):
    return sum(stretch.within(start, end).get(series, 0) for stretch in stretches_of(ledger.knots))


@given(chaos)
def test_quarters_and_stretches_sum_to_what_the_knots_rose(polls):
    ledger = fold(polls)
    assume(ledger.knots)
    rows = quarters(ledger.knots)
    for series in series_of(ledger) | series_of(ledger, COVERAGE):
        risen = ledger.knots[-1].values.get(series, 0) - ledger.knots[0].values.get(series, 0)
        moved = sum(row.value - row.opening for row in rows if row.series == series)
        assert moved + in_stretches(ledger, series, *span(ledger)) == risen


@given(chaos)
def test_a_quarter_is_the_bucket_between_its_two_edges_less_its_part_of_stretches(polls):
    ledger = fold(polls)
    for row in quarters(ledger.knots):
        edges = (row.number - 1) * QUARTER, row.number * QUARTER
        moved = row.value - row.opening + in_stretches(ledger, row.series, *edges)
        assert moved == bucket(ledger.knots, row.series, *edges)


@given(honest_worlds())
def test_the_newest_period_equals_the_provider_s_last_counter(world):
    ledger = fold(world.polls())
    newest = world.polls()[-1]
    truth = world.used(newest.period_start, newest.at)
    assert used(ledger, newest.period_start, newest.at) == truth.total()
    for model in filter(None, truth):
        assert bucket(ledger.knots, SeriesKey(model, TOKENS), newest.period_start, newest.at) == truth[model]


@given(chaos)
def test_the_newest_period_of_any_provider_equals_the_last_accepted_counter(polls):
    ledger = fold(polls)
    assume(ledger.state and is_exact(ledger))
    accepted = [poll for poll in polls if poll.at == ledger.state.polled_at]
    shown = {metric: used(ledger, ledger.state.period.start, ledger.state.at, metric) for metric in METRICS}
    assert shown in [dict(poll.totals) for poll in accepted]


@given(chaos, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(polls, random):
    shuffled = [*polls, *random.choices(polls, k=3)]
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(polls)


@given(chaos)
def test_a_late_poll_is_refused_by_extend(polls):
    state, _ = extend(None, polls)
    assume(state)
    with pytest.raises(OutOfOrderError):
        extend(state, [replace(polls[0], at=state.seen)])


@given(honest_worlds(least_polls=2), st.data())
def test_one_more_consistent_poll_changes_nothing_between_existing_ones(world, data):
    before = fold(world.polls())
    at = data.draw(st.integers(world.polls_at[0] + 1, world.polls_at[-1]))
    after = fold([*world.polls(), world.answer(at)])
    known = [poll for poll in world.polls() if poll.period_start == world.start_of(at)]
    for earlier, later in pairwise(known):
        for series in series_of(after):
            edges = earlier.at, later.at
            assert bucket(after.knots, series, *edges) == bucket(before.knots, series, *edges)


def unseen(world):
    """What was truly used between the last poll of a period and the next period that was polled."""
    lost = 0
    for earlier, later in pairwise(world.polls_at):
        start = world.start_of(later)
        if start != world.start_of(earlier):
            lost += world.used(earlier, start).total()
    return lost


@given(honest_worlds())
def test_the_total_lacks_exactly_the_usage_in_flagged_tails(world):
    ledger = fold(world.polls())
    start, end = world.start_of(world.polls_at[0]), world.polls_at[-1]
    assert used(ledger, start, end) == world.used(start, end).total() - unseen(world)


@given(honest_worlds())
def test_a_poll_in_the_last_instant_of_each_period_makes_the_total_true(world):
    end = world.polls_at[-1]
    world.polls_at = sorted({*world.polls_at, *(start for start in world.starts[1:] if start < end)})
    start = world.start_of(world.polls_at[0])
    assert used(fold(world.polls()), start, end) == world.used(start, end).total()


@given(chaos)
def test_a_negative_bar_has_its_annotation_in_it(polls):
    ledger = fold(polls)
    told = (Event.CORRECTION, Event.REATTRIBUTED, Event.MISMATCH)
    for row in quarters(ledger.knots):
        if row.value < row.opening:
            start, end = (row.number - 1) * QUARTER, row.number * QUARTER
            inside = [note for note in ledger.annotations if note.since < end and note.at > start]
            assert any(note.event in told for note in inside)


@given(honest_worlds())
def test_an_honest_provider_never_shows_a_negative_bar(world):
    # A model the provider never names cannot fall into another one here: nothing is ever reattributed.
    assert all(row.value > row.opening for row in quarters(fold(world.polls()).knots))


@given(chaos)
def test_models_and_the_unattributed_add_up_to_the_total(polls):
    ledger = fold(polls)
    assume(ledger.state)
    counters = ledger.state.counters
    by_at = [dict(poll.totals) for poll in polls if poll.at == ledger.state.polled_at]
    sums = {m: sum(count for series, count in counters.items() if series.metric == m) for m in METRICS}
    assert sums in by_at


@given(chaos, st.sampled_from(ZONES), st.integers(0, 12_000))
def test_local_days_sum_to_the_utc_total_in_any_zone(polls, zone_name, shift_days):
    # The polls are moved to any time of some thirty years, over every change of clocks.
    shift = (shift_days - 8_000) * 86_400 * 1_000_000
    moved = [
        replace(
            poll,
            at=poll.at + shift,
            asked=poll.asked + shift,
            period_start=poll.period_start + shift,
            period_end=poll.period_end + shift,
        )
        for poll in polls
    ]
    ledger, zone = fold(moved), ZoneInfo(zone_name)
    assume(ledger.knots)
    start, end = span(ledger)
    first = moment(start).astimezone(zone).date()
    spans = days(first, moment(end).astimezone(zone).date() + timedelta(days=1), zone)
    assert sum(used(ledger, *day) for day in spans) == used(ledger, start, end)
    rows = quarters(ledger.knots)
    for index, (begin, finish) in enumerate(spans):
        named = [row for row in rows if local_day(row.number, zone) == first + timedelta(days=index)]
        amount = sum(row.value - row.opening for row in named if row.series.metric == TOKENS)
        amount += sum(in_stretches(ledger, series, begin, finish) for series in series_of(ledger))
        assert amount == used(ledger, begin, finish)


@given(chaos, st.integers(0, 10**12), st.integers(1, 10**12))
def test_the_seconds_of_all_qualities_are_the_length_of_the_bucket(polls, offset, length):
    ledger = fold(polls)
    assume(ledger.knots)
    start, end = span(ledger)
    begin = start + offset % (end - start)
    finish = min(begin + length, end)
    assert used(ledger, begin, finish, COVERAGE) == finish - begin


@given(honest_worlds())
def test_time_is_measured_only_where_no_poll_is_missing(world):
    ledger = fold(world.polls())
    measured = 0
    for earlier, later in pairwise(world.polls_at):
        since = max(earlier, world.start_of(later))
        measured += later - since if later - since <= INTERVAL * 1.5 else 0
    assert value_at(ledger.knots, SeriesKey(Quality.MEASURED, COVERAGE), span(ledger)[1]) == measured


@given(chaos)
def test_knots_ascend_and_know_their_period(polls):
    ledger = fold(polls)
    times = [knot.at for knot in ledger.knots]
    assert times == sorted(set(times))
    assert all(knot.at >= knot.period_start - MICROSECOND for knot in ledger.knots if knot.firm)
