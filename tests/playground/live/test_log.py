"""A run's log: numbered, replayed from any number, followed by many."""

import asyncio
from time import monotonic
from uuid import uuid4

from playground.live.log.log import Entry, MemoryLog
from tests.playground.reading import read

LONG = 60.0


async def test_it_replays_what_came_after_a_number() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    for text in ("a", "b", "c"):
        await log.append(run, text)
    assert await log.after(run, 1) == [Entry(2, "b"), Entry(3, "c")]


async def test_readers_wait_for_the_next_piece() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    readers = [asyncio.create_task(read(log, run, 0, LONG)) for _ in range(2)]
    await asyncio.sleep(0)
    await log.append(run, "a")
    assert await asyncio.gather(*readers) == [[Entry(1, "a")]] * 2


async def test_one_bell_rings_for_several_runs() -> None:
    log, first, second = MemoryLog(), uuid4(), uuid4()
    await log.open(first)
    await log.open(second)
    with log.ringing([first, second]) as bell:
        waiting = asyncio.create_task(bell.wait(float("inf")))
        await asyncio.sleep(0)
        await log.append(second, "b")
        await asyncio.wait_for(waiting, LONG)
    assert not log._bells


async def test_readers_are_woken_when_a_log_goes_away() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    reader = asyncio.create_task(read(log, run, 0, LONG))
    await asyncio.sleep(0)
    log.drop(run)
    assert await reader == []


async def test_the_end_is_an_entry() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    await log.append(run, "a")
    await log.end(run)
    assert await log.after(run, 1) == [Entry(2, "", is_end=True)]


async def test_patience_ends() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    assert await read(log, run, 0, 0.001) == []


async def test_a_run_of_elsewhere_is_not_held() -> None:
    assert not await MemoryLog().holds(uuid4())


async def test_what_is_forgotten_is_gone_and_its_readers_see_that() -> None:
    log, run, other = MemoryLog(), uuid4(), uuid4()
    for one in (run, other):
        await log.open(one)
        await log.append(one, "words")
    await log.start(lambda _: None)
    with log.ringing([run]) as bell:
        await asyncio.to_thread(log.forget_soon, [run])
        await bell.wait(monotonic() + 30)
    assert await log.after(run, 0) == []
    assert not await log.holds(run)
    assert log.run_ids() == [other]


async def test_what_still_comes_of_a_forgotten_run_is_not_kept() -> None:
    log, run = MemoryLog(), uuid4()
    await log.open(run)
    log.forget([run])
    await log.append(run, "more words")
    await log.end(run)
    assert log.run_ids() == []
