"""Providers and their ways: each kind makes a world out of dice.

Every provider here counts rightly; what differs is when it tells a new period, which end it tells, how
old the copy is that it reads from, what it calls by name, and whether it changes its mind.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from tests.usage.reference.answers import DAY, HOUR, MINUTE, SECOND, Answer
from tests.usage.reference.worlds import Telling, Use, World

START = 1_790_000_000 * SECOND
MIDNIGHT = 1_789_948_800 * SECOND  # that day's, so that periods stand on quarters too
NAMES = ("rax-4.0", "rax-4.5", None, "total", "a,b", "\u202egnp", "n" * 195, "rax-4.0 ")
LAGS = (10 * SECOND, 5 * MINUTE, 6 * HOUR, 2 * DAY)
FOR_EVER = 253_402_300_800 * SECOND  # as the last year that can be told ends
Kind = Callable[[Random], World]


def drawn(dice: Random, kind: str, lag: int = 0) -> World:
    """An honest provider that tells each new period `lag` late; the kinds change what it tells."""
    starts = [dice.choice((START, MIDNIGHT))]
    for _ in range(dice.randint(1, 3)):
        odd = dice.choice((0, dice.randint(1, 90))) * SECOND
        starts.append(starts[-1] + dice.choice((HOUR, DAY, 3 * DAY)) + odd)
    over = starts[-1] + DAY
    polls = {dice.randint(starts[0] + 1, over) for _ in range(dice.randint(2, 8))}
    for start in starts[1:]:  # closing polls, and a row of close ones
        polls |= {start + dice.randint(-20, 20) * SECOND for _ in range(dice.randint(0, 2))}
    if dice.random() < 0.5:
        row = dice.randint(starts[0] + 1, over - 2 * HOUR)
        polls |= {row + step * dice.choice((5, 10)) * MINUTE for step in range(dice.randint(3, 9))}
    uses = (_use(dice, dice.choice((*polls, *starts)), starts[0], over) for _ in range(dice.randint(0, 14)))
    tellings = [_honest(at, starts, lag) for at in sorted(polls)]
    ordered = sorted((Use(*use) for use in uses), key=lambda use: use.at)
    return World(kind, tuple(ordered), tuple(tellings))


def _use(dice: Random, near: int, first: int, over: int) -> tuple[int, str | None, int]:
    """Usage stands close to polls and boundaries, on both sides, as often as anywhere else."""
    at = dice.choice((near, near - 1, near + 1, dice.randint(first, over)))
    return max(at, first), dice.choice(NAMES), dice.randint(0, 999)


def _honest(at: int, starts: Sequence[int], lag: int = 0) -> Telling:
    begin = max([start for start in starts if start + lag < at], default=starts[0])
    end = min([start for start in starts if start > begin], default=begin + 4 * DAY)
    return Telling(at, begin, end, begin, min(at, end))


def retold(world: World, **changes: Callable[[Telling], Any]) -> World:
    """The world with fields of its answers changed."""
    told = [replace(one, **{name: change(one) for name, change in changes.items()}) for one in world.tellings]
    return replace(world, tellings=tuple(told))


def plain(dice: Random) -> World:
    return drawn(dice, "plain")


def with_costs(dice: Random) -> World:
    return replace(drawn(dice, "with costs"), costs=True)


def lagging(dice: Random) -> World:
    return drawn(dice, "lagging", dice.choice(LAGS))


def idle(dice: Random) -> World:
    """The new period is told from its first use on."""
    world = drawn(dice, "idle")
    latest = world.tellings[0]
    told = []
    for one in world.tellings:
        if one.starts == latest.starts or world.used([(one.since, one.until)]):
            latest = one
        ends = latest.ends or one.at
        told.append(replace(latest, at=one.at, until=min(one.at, ends)))
    return replace(world, tellings=tuple(told))


def without_ends(dice: Random) -> World:
    return retold(drawn(dice, "without ends"), ends=lambda one: None)


def lagging_without_ends(dice: Random) -> World:
    world = drawn(dice, "lagging without ends", dice.choice(LAGS))
    return replace(retold(world, ends=lambda one: None), certain=False)


def ends_that_change(dice: Random) -> World:
    """Until some moment the provider tells an end that is too early or too late."""
    world = drawn(dice, "ends that change")
    change = dice.choice(world.tellings).at
    by = dice.choice((-HOUR, -MINUTE, MINUTE, DAY))
    return retold(world, ends=lambda one: one.ends and max(one.ends + by * (one.at < change), one.starts + 1))


def moved(dice: Random) -> World:
    """From some moment on the current period is said to have begun later than was told."""
    world = drawn(dice, "moved")
    change = dice.choice(world.tellings)
    begin = dice.randint(change.starts, change.until)

    def starts(one: Telling) -> int:
        return (
            begin if one.at >= change.at and one.starts == change.starts and begin < one.until else one.starts
        )

    return replace(retold(world, starts=starts, since=starts), certain=False)


def rolling(dice: Random) -> World:
    """A window that goes along with the clock, in steps or smoothly, with or without an end."""
    world = drawn(dice, "rolling")
    width, step, ended = dice.choice((HOUR, DAY)), dice.choice((1, MINUTE, HOUR)), dice.random() < 0.5

    def begin(one: Telling) -> int:
        return (one.at - width) // step * step

    def end(one: Telling) -> int | None:
        return begin(one) + width if ended else None

    world = retold(world, starts=begin, since=begin, ends=end, until=lambda one: begin(one) + width)
    return replace(retold(world, until=lambda one: min(one.at, one.until)), certain=False)


def clocks(dice: Random) -> World:
    """Our clock is behind, so that an answer may come before the period it tells."""
    world, behind = drawn(dice, "clocks"), dice.choice((SECOND, 20 * SECOND, HOUR))
    return retold(world, clock=lambda one: behind)


def absurd(dice: Random) -> World:
    """Between honest answers come some that cannot be true."""
    world = drawn(dice, "absurd")
    first = world.tellings[0].at
    nonsense = []
    for telling in dice.sample(world.tellings, min(2, len(world.tellings))):
        real = world.answer(telling)
        at = telling.at + dice.randint(1, 99)
        nonsense.append(replace(dice.choice(_nonsense(real, at)), at=at, asked=at))
    endless = any(one.ends == FOR_EVER for one in nonsense)  # and then an answer after the real end counts on
    return replace(world, nonsense=tuple(one for one in nonsense if one.at > first), certain=not endless)


def _nonsense(real: Answer, at: int) -> list[Answer]:
    ages = Answer(at, at, 0, 4_102_444_800 * SECOND, {"tokens": 10**12, "requests": 1})
    return [
        ages,
        replace(real, starts=at + 2 * DAY, ends=None),
        replace(real, ends=real.starts),
        replace(real, ends=real.starts - DAY),
        replace(real, ends=FOR_EVER),
        replace(real, totals={"tokens": 2**63, "requests": 2**70}),
        replace(real, totals={"tokens": -1, "requests": 0}),
    ]
