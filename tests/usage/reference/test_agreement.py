"""The model and the fold of the product agree to the token, in worlds of every kind of provider."""

from random import Random

import pytest
from hypothesis import given, settings

from tests.usage.reference import adapter
from tests.usage.reference.answers import NEVER
from tests.usage.reference.disturbances import world_of
from tests.usage.reference.model import Ledger, fold
from tests.usage.reference.random_worlds import SEATS, worlds
from tests.usage.reference.worlds import World


def assert_agreement(world: World) -> None:
    answers = world.answers()
    ours = fold(answers, world.resets, SEATS)
    theirs = adapter.fold(answers, world.resets, SEATS)
    assert_same_lines(world, ours, theirs)
    assert_same_periods(ours, theirs)


def assert_same_lines(world: World, ours: Ledger, theirs: adapter.Fold) -> None:
    dice = Random(len(ours.reasons))
    since, until = world.watched()
    for metric, line in ours.lines.items():
        stands = [at for knot in line.knots for at in (knot.at - 1, knot.at)]
        instants = [*stands, *(dice.randint(since, until) for _ in range(20))]
        assert adapter.differences(line, metric, theirs, instants) == []
        assert [(knot.at, knot.quality) for knot in line.knots[1:]] == theirs.knots()[1:]


def assert_same_periods(ours: Ledger, theirs: adapter.Fold) -> None:
    periods = theirs.ledger.periods
    ends = [None if period.ends == NEVER else period.ends for period in ours.periods]
    assert [(period.start, period.told_start) for period in periods] == [
        (period.starts, period.told_starts) for period in ours.periods
    ]
    assert [period.end for period in periods] == ends
    assert [period.exact for period in periods] == [not period.inexact for period in ours.periods]
    assert [period.tail > 0 for period in periods] == [bool(period.tails) for period in ours.periods]
    late = {period.told_starts: period.told_late for period in ours.periods}
    assert theirs.ledger.told_late == {start: told for start, told in late.items() if told}


def assert_agreement_in(numbers: range) -> None:
    for number in numbers:
        world = world_of(number)
        try:
            assert_agreement(world)
        except AssertionError as broken:
            raise AssertionError(f"in world {number}, {world.kind}") from broken


def test_they_agree_in_a_thousand_worlds() -> None:
    assert_agreement_in(range(1_000))


@settings(max_examples=60, deadline=None)
@given(world=worlds)
def test_they_agree_in_worlds_that_shrink(world: World) -> None:
    assert_agreement(world)


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_they_agree_in_ten_thousand_worlds() -> None:
    assert_agreement_in(range(1_000, 11_000))
