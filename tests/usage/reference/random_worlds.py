"""Worlds by the number, folded once, and worlds that hypothesis can shrink."""

from functools import cache

from hypothesis import strategies as st

from tests.usage.reference.disturbances import KINDS, world_of
from tests.usage.reference.model import Ledger, fold
from tests.usage.reference.worlds import World

Folded = tuple[World, Ledger]
SEATS = 5  # so that small worlds have models without one


def folded(world: World) -> Folded:
    return world, fold(world.answers(), world.resets, SEATS)


@cache
def thousand() -> tuple[Folded, ...]:
    return tuple(folded(world_of(number)) for number in range(1_000))


worlds = st.builds(lambda kind, dice: kind(dice), st.sampled_from(KINDS), st.randoms(use_true_random=False))
