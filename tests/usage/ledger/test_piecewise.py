"""Polls taken one by one, in groups, or again from any knot give what all of them give at once."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.usage.ledger.store import Store
from tests.usage.may import MINUTE, NOON, poll, row
from tests.usage.reference import adapter
from tests.usage.reference.disturbances import KINDS, world_of
from tests.usage.reference.worlds import World
from tests.usage.worlds import chaos
from usage.ledger import Event, Poll, fold
from usage.ledger.polls import in_order

SEATS = 5
worlds = st.builds(lambda kind, dice: kind(dice), st.sampled_from(KINDS), st.randoms(use_true_random=False))


def stored(groups: list[list[Poll]], resets: frozenset[int]) -> Store:
    store = Store(resets, SEATS)
    for group in groups:
        store.add(group)
    return store


def in_groups(polls: list[Poll], dice: Random) -> list[list[Poll]]:
    groups: list[list[Poll]] = []
    while polls:
        size = dice.randint(1, len(polls))
        groups.append(polls[:size])
        polls = polls[size:]
    return groups


def assert_pieces_are_the_whole(polls: list[Poll], resets: frozenset[int], dice: Random) -> None:
    ordered = in_order(polls)
    whole = stored([ordered], resets)
    assert tuple(whole.knots[at] for at in sorted(whole.knots)) == fold(polls, resets, SEATS).knots
    assert stored([[poll] for poll in ordered], resets).content() == whole.content()
    assert stored(in_groups(ordered, dice), resets).content() == whole.content()


def assert_any_knot_is_a_place_to_go_on(polls: list[Poll], resets: frozenset[int], dice: Random) -> None:
    ordered = in_order(polls)
    whole = stored([ordered], resets)
    moved = [note for note in whole.notes if note.event == Event.BOUNDARY_MOVED]
    firm = [knot for knot in whole.knots.values() if knot.firm]
    for knot in dice.sample(firm, min(3, len(firm))):
        # Where a later boundary moved to before the knot, a fold stands further back.
        if not any(note.polled_at > knot.polled_at and note.since < knot.at for note in moved):
            assert whole.folded_again_from(knot.at, ordered).content() == whole.content()


def test_it_holds_in_worlds_of_every_kind() -> None:
    for number in range(len(KINDS) * 20):
        assert_in(world_of(number), Random(number))


def assert_in(world: World, dice: Random) -> None:
    polls = [adapter.poll(answer) for answer in world.answers()]
    assert_pieces_are_the_whole(polls, world.resets, dice)
    assert_any_knot_is_a_place_to_go_on(polls, world.resets, dice)


def test_a_late_return_makes_a_believed_fall_a_glitch() -> None:
    polls = row(700, 500, 501, 502, 503, 504, 505, 510)
    late = poll(NOON + 12 * MINUTE, 700)
    whole = stored([polls], frozenset())
    anchor = max(knot.at for knot in whole.knots.values() if knot.firm and knot.polled_at < late.at)
    again = whole.folded_again_from(anchor, in_order([*polls, late]))
    assert again.content() == stored([in_order([*polls, late])], frozenset()).content()


@given(worlds, st.randoms(use_true_random=False))
def test_it_holds_in_worlds_that_shrink(world: World, dice: Random) -> None:
    assert_in(world, dice)


@given(chaos, st.randoms(use_true_random=False))
def test_it_holds_whatever_a_provider_says(polls: list[Poll], dice: Random) -> None:
    assert_pieces_are_the_whole(polls, frozenset(), dice)
    assert_any_knot_is_a_place_to_go_on(polls, frozenset(), dice)
