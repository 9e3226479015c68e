"""What a stretch holds of itself in a part of its time."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from usage.ledger import TOKENS, Quality, SeriesKey
from usage.ledger.stretches import LedgerStretch
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
    assert stretch().within_of(MODEL, 0, 800) == 3


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
