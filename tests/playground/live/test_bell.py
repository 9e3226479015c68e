"""A bell wakes its one waiter when it is rung or when it is time, and no ring is lost."""

import asyncio
from time import monotonic

from uvloop import new_event_loop

from playground.live.log.bell import Bell

FAR = 3_600.0
SOON = 0.01
# Turns of the event loop after which everybody who was woken has gone on.
TURNS = 5


async def test_who_waits_is_woken() -> None:
    bell = Bell()
    waiting = await begin_to_wait(bell)
    assert not waiting.done()
    bell.ring()
    assert await is_over(waiting)
    bell.silence()


async def test_a_ring_that_nobody_waited_for_counts_once() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    first, second = await begin_to_wait(bell), await begin_to_wait(bell)
    assert (first.done(), second.done()) == (True, False)
    bell.ring()
    assert await is_over(second)
    bell.silence()


async def test_the_time_comes_without_a_ring() -> None:
    bell, until = Bell(), monotonic() + 0.02
    await bell.wait(until)
    assert monotonic() >= until


async def test_an_earlier_time_than_before_counts() -> None:
    bell = Bell()
    await rung_once(bell, monotonic() + FAR)
    # Where the timer of the first wait stood, this one would take an hour.
    async with asyncio.timeout(FAR / 1_000):
        await bell.wait(monotonic() + SOON)


async def test_a_later_time_than_before_counts() -> None:
    """The timer of the first wait is still set when the second is under way: it must not end that."""
    bell = Bell()
    await rung_once(bell, monotonic() + SOON)
    until = monotonic() + 5 * SOON
    await bell.wait(until)
    assert monotonic() >= until


async def test_a_bell_without_a_waiter_leaves_no_timer() -> None:
    bell = Bell()
    await rung_once(bell, monotonic() + 0.001)
    await asyncio.sleep(0.02)
    assert bell._timer is None
    await rung_once(bell, monotonic() + FAR)
    bell.silence()
    assert bell._timer is None


def test_a_timer_of_the_server_s_loop_rings_once() -> None:
    bell = CountedBell()

    async def wait_often() -> None:
        for number in range(20):
            await bell.wait(monotonic() + SOON / 2 + number / 17_000)

    with asyncio.Runner(loop_factory=new_event_loop) as loop:
        loop.run(wait_often())
    assert bell.times == 20


class CountedBell(Bell):
    """A bell that counts how often its timer rings."""

    times = 0

    def _time_is_up(self, loop: asyncio.AbstractEventLoop) -> None:
        self.times += 1
        super()._time_is_up(loop)


async def test_who_stops_waiting_can_wait_again() -> None:
    bell = Bell()
    gone = await begin_to_wait(bell)
    gone.cancel()
    assert await is_over(gone)
    waiting = await begin_to_wait(bell)
    assert not waiting.done()
    bell.ring()
    assert await is_over(waiting)
    bell.silence()


async def begin_to_wait(bell: Bell, until: float | None = None) -> asyncio.Task[None]:
    """Return who waits at the bell, as far as they have come without a ring from now on."""
    waiting = asyncio.create_task(bell.wait(monotonic() + FAR if until is None else until))
    await is_over(waiting)
    return waiting


async def is_over(waiting: asyncio.Task[None]) -> bool:
    """Let everybody go on who can, and tell whether this one has."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
    return waiting.done()


async def rung_once(bell: Bell, until: float) -> None:
    """Wait for a ring that comes a moment later."""
    waiting = await begin_to_wait(bell, until)
    bell.ring()
    assert await is_over(waiting)
