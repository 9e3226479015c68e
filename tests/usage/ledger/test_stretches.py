"""Which time is a stretch, and what it holds of itself in a part of its time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usage.worlds import HOUR
from usage.ledger import TOKENS, LedgerKnot, Quality, SeriesKey
from usage.ledger.grid import QUARTER
from usage.ledger.stretches import LedgerStretch, is_stretch, stretches_of
from usage.ledger.words import COVERAGE

MODEL = SeriesKey("m", TOKENS)
SEEN = SeriesKey(Quality.INTERPOLATED, COVERAGE)


def stretch(rise=10, length=1_000):
    return LedgerStretch(500, 500 + length, Quality.INTERPOLATED, {MODEL: rise})


def test_it_holds_all_of_itself():
    assert stretch().within(0, 9_000) == {MODEL: 10, SEEN: 1_000}


def test_it_holds_nothing_beside_its_time():
    assert stretch().within(0, 500) == stretch().within(1_500, 2_000) == {}


def test_it_holds_a_part_by_its_length():
    assert stretch().within(0, 800) == {MODEL: 3, SEEN: 300}


@given(
    st.integers(-(1 << 60), 1 << 60),
    st.integers(1, 1 << 62),
    st.lists(st.integers(0, 1 << 62), unique=True, max_size=6),
)
def test_parts_that_meet_add_up_to_the_whole(rise, length, cuts):
    edges = sorted({0, *cuts, 1 << 63})
    parts = [stretch(rise, length).within(start, end) for start, end in pairwise(edges)]
    assert sum(part.get(MODEL, 0) for part in parts) == rise
    assert sum(part.get(SEEN, 0) for part in parts) == length


def knots(length, moved, start=0):
    """Two knots between which so many series move, beside the time watched."""
    names = [SeriesKey(f"m{number}", TOKENS) for number in range(moved)]
    later = {name: number + 1 for number, name in enumerate(names)} | {SEEN: length}
    rest = (Quality.INTERPOLATED,)
    return (
        LedgerKnot(start, *rest, {}, 0, None, firm=True, polled_at=0),
        LedgerKnot(start + length, *rest, later, 0, None, firm=True, polled_at=0),
    )


class TestTheRule:
    def test_more_than_six_hours_are_one(self):
        assert not is_stretch(*knots(6 * HOUR, 1))
        assert is_stretch(*knots(6 * HOUR + 1, 1))

    def test_time_within_a_quarter_is_never_one(self):
        assert not is_stretch(*knots(QUARTER, 1_000))

    def test_time_of_many_series_over_the_end_of_a_quarter_is_one(self):
        assert not is_stretch(*knots(QUARTER, 61, start=5))
        assert is_stretch(*knots(QUARTER, 62, start=5))

    @pytest.mark.parametrize("moved", [1, 5, 20, 61])
    def test_it_begins_where_the_rows_would_be_too_many(self, moved):
        for quarters in range(2, 25):
            rows = 2 * (moved + 1) * (quarters + 2)
            most = min(500, 6 * (moved + 1) + 130)
            assert is_stretch(*knots(quarters * QUARTER, moved)) == (rows > most)

    def test_where_nothing_was_used_eight_quarters_are_enough(self):
        assert not is_stretch(*knots(8 * QUARTER, 0))
        assert is_stretch(*knots(9 * QUARTER, 0))

    def test_it_holds_what_each_series_rose_by(self):
        before, after = knots(7 * HOUR, 2)
        rises = {SeriesKey("m0", TOKENS): 1, SeriesKey("m1", TOKENS): 2}
        assert stretches_of([before, after]) == [LedgerStretch(0, 7 * HOUR, Quality.INTERPOLATED, rises)]
