"""A few are answered at once, in order; and nobody waits for what only waits itself."""

import asyncio
from collections.abc import Iterable

import pytest

from raxdash.http.turns import Turns

# So long that no test comes there, and so short that each does at once.
NEVER, AT_ONCE = 3_600.0, 0.0


class Work:
    """Some that want a turn; each has it until it may end."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.begun: list[int] = []
        self.may_end: dict[int, asyncio.Event] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}

    async def want(self, numbers: Iterable[int], are_urgent: bool = False) -> None:
        for number in numbers:
            self.may_end[number] = asyncio.Event()
            self.tasks[number] = asyncio.create_task(self._work(number, are_urgent))
        await settled()

    async def end(self, *numbers: int) -> None:
        for number in numbers:
            self.may_end[number].set()
        await settled()

    async def _work(self, number: int, is_urgent: bool) -> None:
        async with self.turns.one(is_urgent):
            self.begun.append(number)
            await self.may_end[number].wait()


async def settled() -> None:
    """Let everything happen that waits for nothing."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_few_are_answered_at_once_and_the_others_in_order() -> None:
    work = Work(Turns(2, NEVER))
    await work.want(range(5))
    assert work.begun == [0, 1]
    await work.end(1)
    assert work.begun == [0, 1, 2]
    await work.end(0, 2)
    assert work.begun == [0, 1, 2, 3, 4]
    await work.end(3, 4)
    await work.want([5, 6, 7])
    assert work.begun[5:] == [5, 6]


async def test_who_is_urgent_comes_before_all_who_are_not() -> None:
    work = Work(Turns(1, NEVER))
    await work.want(range(4))
    await work.want([10, 11], are_urgent=True)
    for number in (0, 10, 11, 1):
        await work.end(number)
    assert work.begun == [0, 10, 11, 1, 2]


async def test_nobody_waits_for_what_takes_long() -> None:
    work = Work(Turns(2, AT_ONCE))
    await work.want(range(6))
    async with asyncio.timeout(60):
        while len(work.begun) < 6:  # noqa: ASYNC110  by a timer
            await asyncio.sleep(0)
    await work.end(*range(6))
    # Each has given its place once: there are two, and no more.
    work.turns._long_seconds = NEVER
    await work.want(range(6, 10))
    assert work.begun[6:] == [6, 7]


@pytest.mark.parametrize("has_just_got_it", [True, False])
async def test_who_leaves_keeps_no_turn(has_just_got_it: bool) -> None:
    work = Work(Turns(1, NEVER))
    await work.want(range(3))
    if has_just_got_it:
        work.may_end[0].set()
        await asyncio.sleep(0)
    work.tasks[1].cancel()
    await work.end(0)
    assert 2 in work.begun
    await work.end(*range(3))
    await work.want([3])
    assert work.begun[-1] == 3
