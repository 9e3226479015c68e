"""The model holds what every ledger must hold, in a thousand small worlds of seventeen kinds."""

import pytest
from hypothesis import given, settings

from tests.usage.reference.disturbances import world_of
from tests.usage.reference.invariants import INVARIANTS, Invariant
from tests.usage.reference.random_worlds import Folded, folded, thousand, worlds
from tests.usage.reference.worlds import World

each_invariant = pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda one: one.__name__)


def assert_in(number: int, invariant: Invariant, folded: Folded) -> None:
    try:
        invariant(*folded)
    except AssertionError as broken:
        raise AssertionError(f"in world {number}, {folded[0].kind}") from broken


@each_invariant
def test_it_holds_in_a_thousand_worlds(invariant: Invariant) -> None:
    for number, one in enumerate(thousand()):
        assert_in(number, invariant, one)


@settings(max_examples=60, deadline=None)
@given(world=worlds)
def test_it_holds_in_worlds_that_shrink(world: World) -> None:
    for invariant in INVARIANTS:
        invariant(*folded(world))


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_it_holds_in_ten_thousand_worlds() -> None:
    for number in range(1_000, 11_000):
        one = folded(world_of(number))
        for invariant in INVARIANTS:
            assert_in(number, invariant, one)
