"""More ways of providers: counters that fall, copies that are behind, names that come and go."""

from dataclasses import replace
from random import Random

from tests.usage.reference import providers
from tests.usage.reference.answers import MINUTE, SECOND
from tests.usage.reference.providers import NAMES, Kind, drawn
from tests.usage.reference.worlds import Telling, Use, World

HALF_AN_HOUR = 30 * MINUTE
AGES = (0, 15 * SECOND, 5 * MINUTE, 25 * MINUTE)


def flapping(dice: Random) -> World:
    """Some answers come from a copy that is minutes behind, or empty; never for half an hour on end."""
    return behind(dice, drawn(dice, "flapping"))


def behind(dice: Random, world: World) -> World:
    told: list[Telling] = []
    since: int | None = None
    for one in world.tellings:
        if dice.random() < 0.5 or (since is not None and one.at - since >= HALF_AN_HOUR):
            told.append(one)
            since = None
            continue
        since = one.at if since is None else since
        told.append(_old_copy(world, one, dice.choice(AGES)))
    return replace(world, tellings=tuple(told))


def _old_copy(world: World, one: Telling, age: int) -> Telling:
    """What was true `age` ago, maybe of the period before; an age of nothing means an empty copy."""
    if not age:
        return replace(one, until=one.since)
    then = one.at - age
    older = [other for other in world.tellings if other.since < then <= (other.ends or then)]
    if then > one.since or not older:
        return replace(one, until=max(one.since, min(then, one.until)))
    return replace(older[0], at=one.at, until=then)


def corrected(dice: Random) -> World:
    """The provider takes usage back, and goes on telling so for longer than half an hour."""
    world = drawn(dice, "corrected")
    before = dice.choice(world.tellings)
    counted = [use for use in world.uses if before.since <= use.at < before.until and use.tokens]
    if not counted:
        return world
    taken = dice.choice(counted)
    back = Use(before.until, taken.model, -dice.randint(1, taken.tokens))
    after = [_later(before, minutes) for minutes in range(dice.randint(1, 9), 70, dice.randint(5, 20))]
    inside = [one for one in after if one.until == one.at]
    quiet = [use for use in world.uses if use.at < before.until or use.at > before.until + HALF_AN_HOUR * 3]
    if len(inside) < len(after):
        return world
    tellings = sorted({*world.tellings, *after}, key=lambda one: one.at)
    return replace(
        world, uses=tuple(sorted([*quiet, back], key=lambda use: use.at)), tellings=tuple(tellings)
    )


def _later(one: Telling, minutes: int) -> Telling:
    at = one.at + minutes * MINUTE + SECOND
    return replace(one, at=at, until=min(at, one.ends or at))


def begun_again(dice: Random) -> World:
    """The counter begins again within its period, and a person says so of the first answer after.

    Said of the answer that opens a period it means nothing.
    """
    world = drawn(dice, "begun again")
    after = dice.choice(world.tellings)
    same = [one for one in world.tellings if one.starts == after.starts]
    earlier = [one.until for one in same if one.at < after.at]
    again = dice.randint(max(earlier), after.until) if earlier else after.since
    told = [
        replace(one, since=again) if one in same and one.at >= after.at else one for one in world.tellings
    ]
    return replace(world, tellings=tuple(told), resets=frozenset({after.at}))


def ragged(dice: Random) -> World:
    """Models come and go in the breakdown, and some are named late or never."""
    return unnamed(dice, drawn(dice, "ragged"))


def ragged_and_moved(dice: Random) -> World:
    """Models come and go while boundaries move: what hides in one answer must not count twice in the next."""
    kind = dice.choice((providers.moved, providers.rolling, providers.lagging_without_ends))
    return replace(unnamed(dice, kind(dice)), kind="ragged and moved")


def unnamed(dice: Random, world: World) -> World:
    def hidden(one: Telling) -> frozenset[str]:
        return frozenset(name for name in NAMES if name and dice.random() < 0.3)

    uses = tuple(replace(use, model=None) if dice.random() < 0.1 else use for use in world.uses)
    return replace(providers.retold(world, unnamed=hidden), uses=uses)


def mixed(dice: Random) -> World:
    """Everything at once that still can be added up."""
    world = drawn(dice, "mixed", dice.choice(providers.LAGS))
    return replace(unnamed(dice, behind(dice, world)), costs=dice.random() < 0.5)


KINDS: tuple[Kind, ...] = (
    providers.plain,
    providers.with_costs,
    providers.lagging,
    providers.idle,
    providers.without_ends,
    providers.lagging_without_ends,
    providers.ends_that_change,
    providers.moved,
    providers.rolling,
    providers.clocks,
    providers.absurd,
    flapping,
    corrected,
    begun_again,
    ragged,
    ragged_and_moved,
    mixed,
)


def world_of(seed: int) -> World:
    """The world of a number: every kind in turn, the same today and tomorrow."""
    return KINDS[seed % len(KINDS)](Random(seed))
