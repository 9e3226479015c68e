"""A bell wakes its one waiter when it is rung or when it is time, and no ring is lost."""

import asyncio
from time import monotonic

from playground.bell import Bell

NEVER = float("inf")


async def test_who_waits_is_woken() -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(monotonic() + 60))
    await asyncio.sleep(0)
    bell.ring()
    await waiting


async def test_a_ring_that_nobody_waited_for_counts_once() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    await bell.wait(monotonic() + 60)
    waiting = asyncio.create_task(bell.wait(monotonic() + 60))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    waiting.cancel()
    bell.silence()


async def test_the_time_comes_without_a_ring() -> None:
    bell, until = Bell(), monotonic() + 0.02
    await bell.wait(until)
    assert monotonic() >= until


async def test_an_earlier_time_than_before_counts() -> None:
    bell = Bell()
    bell.ring()
    await bell.wait(monotonic() + 60)
    await rung_once(bell, monotonic() + 60)
    await bell.wait(monotonic() + 0.01)


async def test_a_later_time_than_before_counts() -> None:
    """The timer of the first wait is still set when the second is under way: it must not end that."""
    bell = Bell()
    await rung_once(bell, monotonic() + 0.01)
    until = monotonic() + 0.05
    await bell.wait(until)
    assert monotonic() >= until


async def test_a_bell_without_a_waiter_leaves_no_timer() -> None:
    bell = Bell()
    await rung_once(bell, monotonic() + 0.001)
    await asyncio.sleep(0.02)
    assert bell._timer is None
    await rung_once(bell, monotonic() + 60)
    bell.silence()
    assert bell._timer is None


async def test_who_stops_waiting_can_wait_again() -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(monotonic() + 60))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    bell.ring()
    await bell.wait(monotonic() + 60)
    bell.silence()


async def rung_once(bell: Bell, until: float) -> None:
    """Wait for a ring that comes a moment later."""
    waiting = asyncio.create_task(bell.wait(until))
    await asyncio.sleep(0)
    bell.ring()
    await waiting
