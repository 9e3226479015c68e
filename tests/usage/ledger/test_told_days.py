"""Told days fill holes and the time before the first knot, whole or not at all."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from usage.ledger import TOKENS, Quality, SeriesKey
from usage.ledger.stretches import LedgerStretch
from usage.ledger.told_days import MOST_MODELS, ToldDay, filled
from usage.ledger.words import COVERAGE, OTHER_MODELS, REQUESTS

MODEL = SeriesKey("m", TOKENS)


def hole(start, end):
    return LedgerStretch(start, end, Quality.UNKNOWN, {})


def used(start, end, tokens=5):
    return LedgerStretch(start, end, Quality.INTERPOLATED, {MODEL: tokens})


def day(start, end, tokens=7, told_at=0):
    return ToldDay(start, end, told_at, {MODEL: tokens})


def told(start, end, tokens=7):
    return LedgerStretch(start, end, Quality.TOLD, {MODEL: tokens})


def test_days_before_the_first_knot_fill_it():
    assert filled([used(20, 30)], [day(0, 10), day(10, 20)], 20) == [told(0, 10), told(10, 20), used(20, 30)]


def test_a_day_in_which_polls_began_fills_nothing():
    assert filled([used(20, 30)], [day(15, 25)], 20) == [used(20, 30)]


def test_a_meter_that_was_never_polled_has_what_was_told():
    assert filled([], [day(0, 10)], None) == [told(0, 10)]


def test_a_hole_is_what_the_days_leave_of_it():
    found = filled([hole(20, 60)], [day(30, 40), day(40, 50)], 0)
    assert found == [hole(20, 30), told(30, 40), told(40, 50), hole(50, 60)]


def test_a_hole_may_be_filled_whole():
    assert filled([hole(20, 40)], [day(20, 40)], 0) == [told(20, 40)]


def test_a_day_that_leaves_a_hole_fills_nothing():
    assert filled([hole(20, 40), used(40, 50)], [day(35, 45)], 0) == [hole(20, 40), used(40, 50)]


def test_time_in_which_something_was_used_is_no_hole():
    rising = LedgerStretch(20, 60, Quality.UNKNOWN, {MODEL: 1})
    assert filled([rising], [day(30, 40)], 0) == [rising]


def test_of_days_that_overlap_the_one_told_last_counts():
    days = [day(30, 40, told_at=1), day(35, 45, tokens=9, told_at=2)]
    assert filled([hole(20, 60)], days, 0) == [hole(20, 35), told(35, 45, 9), hole(45, 60)]


def test_a_newer_day_that_does_not_fit_leaves_an_older_one():
    days = [day(30, 40, told_at=1), day(35, 65, told_at=2)]
    assert told(30, 40) in filled([hole(20, 60)], days, 0)


REQUESTS_OF = SeriesKey("m", "requests")


def part(metric, amount, told_at):
    return ToldDay(30, 40, told_at, {SeriesKey("m", metric): amount}, frozenset([metric]))


def test_tokens_and_requests_of_a_day_may_be_told_apart():
    days = [part("tokens", 7, 1), part("requests", 3, 2)]
    (found,) = [row for row in filled([hole(20, 60)], days, 0) if row.quality == Quality.TOLD]
    assert found.amounts == {MODEL: 7, REQUESTS_OF: 3}


def test_of_each_metric_what_was_told_last_counts():
    days = [part("tokens", 7, 1), part("requests", 3, 2), part("tokens", 9, 3), part("requests", 4, 0)]
    (found,) = [row for row in filled([hole(20, 60)], days, 0) if row.quality == Quality.TOLD]
    assert found.amounts == {MODEL: 9, REQUESTS_OF: 3}


def test_nothing_told_of_a_metric_takes_the_place_of_something():
    days = [day(30, 40, told_at=1), ToldDay(30, 40, 2, {})]
    (found,) = [row for row in filled([hole(20, 60)], days, 0) if row.quality == Quality.TOLD]
    assert found.amounts == {}


spans = st.tuples(st.integers(0, 60), st.integers(1, 9)).map(lambda span: (span[0], span[0] + span[1]))


@given(st.lists(spans, max_size=8), st.permutations([10, 25, 40, 50]), st.randoms())
def test_no_time_is_counted_twice_and_none_is_lost(days, edges, chance):
    edges = sorted(edges)
    kinds = [chance.choice((hole, used))(*edge) for edge in pairwise(edges)]
    names = [day(start, end, told_at=place) for place, (start, end) in enumerate(days)]
    found = filled(kinds, names, 10)
    assert all(a.end <= b.start for a, b in pairwise(found))
    inside = [stretch.within(10, 50) for stretch in found]
    lengths = sum(sum(n for s, n in part.items() if s.metric == COVERAGE) for part in inside)
    assert lengths == 40
    assert filled(kinds, reversed(names), 10) == found


def test_of_very_many_models_the_largest_of_all_days_have_names():
    """Each is a series for ever; who tells a thousand others every day would fill the database."""
    first = {SeriesKey(f"a-{number}", TOKENS): 2 for number in range(MOST_MODELS)}
    later = {SeriesKey("large", TOKENS): 50, SeriesKey("large", REQUESTS): 1, SeriesKey("small", TOKENS): 1}
    days = [ToldDay(0, 10, 0, first), ToldDay(10, 20, 0, later)]
    one, other = filled([], days, None)
    assert sum(one.amounts.values()) == 2 * MOST_MODELS
    assert one.amounts[SeriesKey(OTHER_MODELS, TOKENS)] == 2
    del later[SeriesKey("small", TOKENS)]
    assert other.amounts == {**later, SeriesKey(OTHER_MODELS, TOKENS): 1}


def test_as_many_models_as_may_have_names_keep_them():
    amounts = {SeriesKey(f"a-{number}", TOKENS): number for number in range(1, MOST_MODELS + 1)}
    (row,) = filled([], [ToldDay(0, 10, 0, amounts)], None)
    assert row.amounts == amounts
