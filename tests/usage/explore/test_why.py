"""Why the usage changed: parts by key and model that sum to the difference, in one sentence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.explore.proof.why import MOST_MOVES, Move, Side, densest, unknown, why
from usage.explore.proof.why_words import Telling, sentence, when
from usage.explore.sheet.marks import Seen
from usage.ledger import Quality

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
NAMES = {"k1": "Nightly batch", "k2": "Production", "k3": "שלום", "m1": "rax-4.5", "m2": "rax-4.0"}
pairs = st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz"))
sides = st.dictionaries(pairs, st.lists(st.integers(-50, 1_000_000), min_size=1, max_size=30))


def told(before, now, edges=None, more_before=0, more_now=0):
    found = why(Side(before, more_before), Side(now, more_now))
    if found is None:
        return ""
    edges = edges or [MONDAY + n * DAY for n in range(8)]
    telling = Telling(
        "last week",
        "tokens",
        lambda dimension, told: NAMES.get(told, told),
        lambda move: f"filter.key={move.key}&filter.model={move.model}",
        edges,
        ZoneInfo("UTC"),
    )
    return sentence(found, telling).text


@given(sides, sides)
def test_its_parts_sum_exactly_to_the_difference(before, now):
    found = why(Side(before), Side(now))
    difference = sum(map(sum, now.values())) - sum(map(sum, before.values()))
    assert found.difference == difference
    assert sum(move.amount for move in found.moves) + found.rest == difference


@given(sides, sides)
def test_the_largest_moves_come_first_and_none_that_is_left_out_is_larger(before, now):
    found = why(Side(before), Side(now))
    all_moves = {pair: sum(now.get(pair, ())) - sum(before.get(pair, ())) for pair in {**before, **now}}
    sizes = sorted(map(abs, filter(None, all_moves.values())), reverse=True)
    assert [abs(move.amount) for move in found.moves] == sizes[: len(found.moves)]
    assert len(found.moves) + found.others == len(sizes)


@given(sides, sides, st.integers(0, 10**6), st.integers(0, 10**6))
def test_it_speaks_only_where_no_truth_could_turn_the_sign(before, now, more_before, more_now):
    difference = sum(map(sum, now.values())) - sum(map(sum, before.values()))
    found = why(Side(before, more_before), Side(now, more_now))
    lowest, highest = difference - more_before, difference + more_now
    assert (found is not None) == (lowest > 0 or highest < 0 or more_before == more_now == 0)


def test_it_names_key_model_and_the_hours_of_a_move():
    quiet, busy = [0] * 24 * 7, [0] * 24 * 7
    quiet[0] = busy[0] = 100_000
    busy[24 + 2 : 24 + 4] = [450_000, 450_000]
    before = {("k1", "m1"): quiet, ("k2", "m2"): [100_000] * 168, ("k2", "m1"): [0]}
    now = {("k1", "m1"): busy, ("k2", "m2"): [102_000] * 168, ("k2", "m1"): [0]}
    edges = [MONDAY + n * HOUR for n in range(24 * 7 + 1)]
    assert told(before, now, edges) == (
        "+1.2 M tokens against last week: rax-4.5 with key Nightly batch +900 k (mostly Tue 02:00–04:00), "
        "rax-4.0 with key Production +336 k."
    )


def test_what_is_new_and_what_is_gone_is_said():
    text = told({("k1", "m2"): [500]}, {("k1", "m1"): [900]})
    assert text == "+400 tokens against last week: rax-4.5 +900 (new), rax-4.0 −500 (gone)."


def test_all_else_is_one_sum():
    before = {(f"key {n}", f"m{n % 2 + 1}"): [10] for n in range(500)}
    now = {pair: [10 + n] for n, pair in enumerate(before)}
    text = told(before, now)
    assert text.startswith("+125 k tokens against last week: rax-4.0 with key key 499 +499, ")
    assert text.endswith(f", all else +{(sum(range(500 - MOST_MOVES))) / 1000:.0f} k.")


def test_opposite_moves_are_told_though_they_cancel():
    text = told({("k1", "m1"): [5_000], ("k2", "m1"): [0]}, {("k1", "m1"): [0], ("k2", "m1"): [5_000]})
    assert text == "No change against last week: key Nightly batch −5 k (gone), key Production +5 k (new)."


def test_nothing_that_moved_is_no_change():
    same = {("k1", "m1"): [5, 6]}
    assert told(same, same) == "No change against last week."
    assert told({}, {}) == "No change against last week."


def test_a_correction_below_zero_is_a_part_like_others():
    text = told({("k1", "m1"): [10], ("k1", "m2"): [10]}, {("k1", "m1"): [-40], ("k1", "m2"): [15]})
    assert text == "−45 tokens against last week: rax-4.5 −50, rax-4.0 +5."


def test_one_key_with_one_model_is_named_once():
    assert told({("k1", "m1"): [10]}, {("k1", "m1"): [40]}) == (
        "+30 tokens against last week: rax-4.5 with key Nightly batch +30."
    )


def test_a_name_from_right_to_left_turns_nothing_round():
    text = told({("k3", "m1"): [1], ("k1", "m1"): [1]}, {("k3", "m1"): [2], ("k1", "m1"): [1]})
    assert text == "+1 token against last week: key \u2068שלום\u2069 +1."


@pytest.mark.parametrize(("before", "now"), [(None, 0), (0, None), (None, None)])
def test_without_a_bound_it_speaks_only_away_from_the_unknown(before, now):
    more, less = {("k1", "m1"): [100]}, {("k1", "m1"): [10]}
    assert bool(told(less, more, more_before=before, more_now=now)) == (before is not None)
    assert bool(told(more, less, more_before=before, more_now=now)) == (now is not None)


def test_what_was_not_seen_is_said_where_the_change_is_larger():
    text = told({("k1", "m1"): [10]}, {("k1", "m1"): [1_000]}, more_before=100)
    assert text.startswith("+990 tokens against last week, as far as was seen: ")
    assert told({("k1", "m1"): [10]}, {("k1", "m1"): [1_000]}, more_before=990) == ""


def test_each_part_leads_to_itself():
    found = why(Side({}), Side({("k1", "m1"): [5]}))
    assert [(move.key, move.model) for move in found.moves] == [("k1", "m1")]
    assert found.moves[0] == Move("k1", "m1", 0, 5, mostly=found.moves[0].mostly)


@given(st.lists(st.integers(-100, 100), max_size=60))
def test_most_of_a_move_lies_in_the_run_that_is_named(steps):
    if place := densest(steps):
        first, last = place
        within, whole = sum(steps[first : last + 1]), sum(steps)
        assert within * whole > 0
        assert abs(within) >= 0.6 * abs(whole)
        assert (last - first + 1) * 4 <= len(steps)


def test_a_move_that_is_spread_has_no_hour():
    assert densest([10] * 100) is None
    assert densest([1] * 10 + [1_000] + [1] * 10) == (10, 10)
    assert densest([]) is None


def test_time_that_nobody_saw_may_have_been_as_busy_as_any():
    hour = 3_600_000_000
    half = Seen({Quality.MEASURED: hour // 2, Quality.UNKNOWN: hour // 2})
    whole = Seen({Quality.MEASURED: hour})
    assert unknown([whole, whole], 0, 700) == 0
    assert unknown([whole, half], 0, 700) == 351
    assert unknown([whole, half], 50, 700) == 401
    assert unknown([half], 0, 0) is None
    assert unknown([Seen({Quality.BOUNDARY_MOVED: hour})], 0, 700) is None
    assert unknown([Seen({Quality.MEASURED: hour}, is_untold=True)], 0, 700) is None


@pytest.mark.parametrize(
    ("start", "end", "is_week", "words"),
    [
        ((24, 2), (24, 4), True, "Tue 02:00–04:00"),
        ((24, 2), (24, 4), False, "Tue 24 Nov, 02:00–04:00"),
        ((24, 22), (25, 0), True, "Tue 22:00–24:00"),
        ((24, 22), (25, 2), True, "Tue 22:00 – Wed 02:00"),
        ((24, 0), (25, 0), True, "Tue"),
        ((24, 0), (27, 0), True, "Tue – Thu"),
        ((24, 0), (25, 0), False, "Tue 24 Nov"),
        ((24, 0), (27, 0), False, "Tue 24 – Thu 26 Nov"),
        ((24, 22), (25, 2), False, "Tue 24 Nov, 22:00 – Wed 25 Nov, 02:00"),
    ],
)
def test_a_time_is_told_as_shortly_as_it_can(start, end, is_week, words):
    first, last = (datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in (start, end))
    assert when(first, last, is_week=is_week) == words
