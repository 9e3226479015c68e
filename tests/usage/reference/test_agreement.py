"""The model and the fold of the product agree to the token on what plain providers tell.

Plain means: counters that grow, each new period told at once, every end told. Worlds of the other kinds
are not compared yet: there the product still reads the rules otherwise. A kind that comes to agree moves
into `COMPARED`.
"""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.usage.reference import adapter
from tests.usage.reference.model import fold
from tests.usage.reference.providers import Kind, plain
from tests.usage.reference.worlds import World

COMPARED: tuple[Kind, ...] = (plain,)


def assert_agreement(world: World) -> None:
    answers = world.answers()
    ours, theirs = fold(answers), adapter.fold(answers)
    dice = Random(len(answers))
    since, until = world.watched()
    for metric, line in ours.lines.items():
        instants = [knot.at for knot in line.knots] + [dice.randint(since, until) for _ in range(20)]
        assert adapter.differences(line, metric, theirs, instants) == []
        assert [(knot.at, knot.quality) for knot in line.knots[1:]] == theirs.knots()[1:]


def assert_agreement_in(numbers: range) -> None:
    for number in numbers:
        assert_agreement(COMPARED[number % len(COMPARED)](Random(number)))


def test_they_agree_in_a_thousand_worlds() -> None:
    assert_agreement_in(range(1_000))


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(COMPARED), dice=st.randoms(use_true_random=False))
def test_they_agree_in_worlds_that_shrink(kind: Kind, dice: Random) -> None:
    assert_agreement(kind(dice))


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_they_agree_in_ten_thousand_worlds() -> None:
    assert_agreement_in(range(1_000, 11_000))
