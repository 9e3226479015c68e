"""All who wait for a frame are woken together, again and again."""

import asyncio

from playground.live.frames import Frames


async def test_all_wait_for_the_same_frame() -> None:
    frames, order = Frames(0.01), []

    async def wait(name: str) -> None:
        for number in range(3):
            await frames.next()
            order.append((number, name))

    await asyncio.gather(wait("a"), wait("b"))
    assert order == [(number, name) for number in range(3) for name in "ab"]


async def test_who_stops_waiting_keeps_nobody_from_it() -> None:
    frames = Frames(0.01)
    first, second = asyncio.create_task(frames.next()), asyncio.create_task(frames.next())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait_for(second, 60)
    assert first.cancelled()
