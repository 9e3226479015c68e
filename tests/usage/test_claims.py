"""Known, at least, unknown: what sums of them may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.claims import TO_COME, UNKNOWN, Amount, at_least, known, total

amounts = st.one_of(
    st.just(UNKNOWN),
    st.just(TO_COME),
    st.integers(-(10**15), 10**15).map(known),
    st.integers(-(10**15), 10**15).map(at_least),
    st.tuples(st.integers(0, 9), st.integers(1, 9)).map(lambda pair: at_least(*pair)),
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (known(1500), "1,500"),
        (known(0), "0"),
        (known(-3), "−3"),
        (known(10**15), "1,000,000,000,000,000"),
        (at_least(1500), "at least 1,500"),
        (at_least(0), "–"),
        (at_least(0, 7), "–"),
        (UNKNOWN, "–"),
        (TO_COME, "–"),
    ],
)
def test_an_amount_says_how_far_it_is_known(amount: Amount, words: str) -> None:
    assert str(amount) == words


def test_a_sum_with_something_unknown_in_it_is_a_lower_bound() -> None:
    assert total([known(3), UNKNOWN, known(4)]) == at_least(7)


def test_what_is_to_come_takes_nothing_from_a_sum() -> None:
    assert total([known(3), TO_COME]) == known(3)


def test_what_may_be_more_adds_up_too() -> None:
    assert total([known(3), at_least(4, 10), at_least(0, 5)]) == at_least(7, 15)


@given(st.lists(amounts, max_size=8))
def test_zero_is_only_ever_a_known_zero(parts: list[Amount]) -> None:
    begun = [part for part in parts if part != TO_COME]
    is_zero = bool(begun) and all(part.is_known for part in begun) and not sum(part.certain for part in begun)
    assert (str(total(parts)) == "0") == is_zero


@given(st.lists(amounts, max_size=8), st.integers(0, 8))
def test_sums_may_be_made_of_sums(parts: list[Amount], cut: int) -> None:
    assert total([total(parts[:cut]), total(parts[cut:])]) == total(parts)
