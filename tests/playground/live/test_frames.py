"""All who wait for a frame are woken together, again and again."""

import asyncio
from collections.abc import Awaitable

import pytest

from playground.live.log.frames import (
    FEW_RUNS,
    LONG_SECONDS,
    MANY_PIECES,
    MANY_RUNS,
    Frames,
    Pace,
    seconds_of,
)


async def test_all_wait_for_the_same_frame() -> None:
    frames, order = Frames(lambda: 0.01), []

    async def wait(name: str) -> None:
        for number in range(3):
            await frames.next()
            order.append((number, name))

    await asyncio.gather(wait("a"), wait("b"))
    assert order == [(number, name) for number in range(3) for name in "ab"]


async def test_who_stops_waiting_keeps_nobody_from_it() -> None:
    frames = Frames(lambda: 0.01)
    first, second = asyncio.create_task(frames.next()), asyncio.create_task(frames.next())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait_for(second, 60)
    assert first.cancelled()


@pytest.mark.parametrize("early", [0.0001, 0.001, 0.0019])
def test_who_is_woken_just_before_a_frame_waits_for_the_one_after_it(early: float) -> None:
    frames = Frames(lambda: 0.05)
    assert frames.until_next(10.0 - early) == pytest.approx(0.05 + early)
    assert frames.until_next(10.0 + early) == pytest.approx(0.05 - early)
    assert frames.until_next(10.02) == pytest.approx(0.03)


def test_few_live_runs_are_shown_twice_as_often_as_many() -> None:
    assert seconds_of(FEW_RUNS) * 2 == seconds_of(FEW_RUNS + 1) == seconds_of(MANY_RUNS)


@pytest.mark.parametrize(
    ("live", "per_second", "seconds"),
    [
        (MANY_RUNS + 1, 50, 1 / 10),
        (MANY_RUNS + 1, 20, 1 / 20),
        (MANY_RUNS, 50, 1 / 20),
        (FEW_RUNS, 50, 1 / 40),
    ],
)
async def test_where_very_many_are_live_what_flows_faster_than_its_frames_waits_longer(
    monkeypatch: pytest.MonkeyPatch, live: int, per_second: int, seconds: float
) -> None:
    now, waited, held = [1000.0], [0.0], [0.0]

    async def hold_until(waiting: Awaitable[None]) -> None:
        await waiting
        held.append(waited[-1])

    class Waiting(Frames):
        async def next(self) -> None:
            waited.append(self._seconds())
            now[0] += waited[-1]

    pace = Pace(Waiting(lambda: seconds_of(live)), Waiting(lambda: LONG_SECONDS), lambda: live)
    with monkeypatch.context() as patch:
        patch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])
        said = 0
        for late in (0, 0.01) * 50:
            come = int((now[0] + late - 1000) * per_second)
            await pace.next(come - said, hold_until)
            said = come
    assert waited[-20:] == [pytest.approx(seconds)] * 20
    # Late by turns, it is many pieces where a frame brings three in the mean.
    assert bool(held[1:]) == (per_second * seconds >= MANY_PIECES)


def test_a_frame_is_as_long_as_the_runs_of_that_moment_let_it_be() -> None:
    live = [1]
    frames = Frames(lambda: seconds_of(len(live)))
    assert frames.until_next(10.0) == pytest.approx(1 / 40)
    live *= FEW_RUNS + 1
    assert frames.until_next(10.0) == pytest.approx(1 / 20)
