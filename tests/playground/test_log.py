"""A run's log: numbered, replayed from any number, followed by many."""

import asyncio
from uuid import uuid4

from playground.log import Entry, MemoryLog

LONG = 60.0


async def test_it_replays_what_came_after_a_number() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    for text in ("a", "b", "c"):
        await log.append(run, text)
    assert await log.read({run: 1}, 0) == {run: [Entry(2, "b"), Entry(3, "c")]}


async def test_readers_wait_for_the_next_piece() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    readers = [asyncio.create_task(log.read({run: 0}, LONG)) for _ in range(2)]
    await asyncio.sleep(0)
    await log.append(run, "a")
    assert await asyncio.gather(*readers) == [{run: [Entry(1, "a")]}] * 2


async def test_one_read_waits_for_several_runs() -> None:
    log, first, second = MemoryLog(), uuid4(), uuid4()
    await log.open(first)
    await log.open(second)
    reader = asyncio.create_task(log.read({first: 0, second: 0}, LONG))
    await asyncio.sleep(0)
    await log.append(second, "b")
    assert await reader == {second: [Entry(1, "b")]}


async def test_the_end_is_an_entry() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    await log.append(run, "a")
    await log.end(run)
    assert (await log.read({run: 1}, 0))[run] == [Entry(2, "", is_end=True)]


async def test_patience_ends() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    assert await log.read({run: 0}, 0.001) == {}


async def test_a_run_of_elsewhere_is_not_held() -> None:
    assert not await MemoryLog().holds(uuid4())
