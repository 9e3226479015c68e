"""Amounts of money in whole coins: rounded once, and shared out so that the parts add up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage.prices.coins import FINEST, coins, coins_of_finest, finest, nearest, shares

COIN = 10 ** (FINEST - 2)
EXACT = st.integers(-(10**18), 10**18)


@pytest.mark.parametrize(
    ("amount", "size", "found"),
    [(5, 10, 0), (15, 10, 2), (16, 10, 2), (-5, 10, 0), (-15, 10, -2), (-16, 10, -2)],
)
def test_halves_go_to_the_even_number(amount, size, found):
    assert nearest(amount, size) == found


def test_what_is_not_rounded_yet_loses_nothing():
    assert finest(Decimal("0.000000000001")) == 1
    assert coins(Decimal("12.50"), 2) == 1250
    assert coins_of_finest(finest(Decimal("12.505")), 2) == 1250


def test_half_coins_of_one_after_another_come_together():
    assert shares(2, [COIN // 2] * 4, 2) == [0, 1, 0, 1] or shares(2, [COIN // 2] * 4, 2) == [0, 1, 1, 0]


def test_what_was_taken_back_does_not_blow_up_what_rounding_changed():
    assert shares(0, [100 * COIN, -100 * COIN + COIN // 3], 2) == [100, -100]


def test_parts_of_nothing_are_nothing_but_for_what_is_left():
    assert shares(1, [0, 0], 2) == [0, 1]
    assert shares(0, [], 2) == []


@given(st.lists(EXACT, min_size=1, max_size=40), st.integers(-20, 20))
def test_shares_add_up_and_are_within_what_rounding_changed(parts, change):
    whole = nearest(sum(parts), COIN) + change
    found = shares(whole, parts, 2)
    assert sum(found) == whole
    for share, part in zip(found, parts, strict=True):
        assert abs(share - Fraction(part, COIN)) <= abs(change) + 2
    if sum(map(abs, parts)):
        assert all(not share for share, part in zip(found, parts, strict=True) if not part)
