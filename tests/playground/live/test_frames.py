"""All who wait for a frame are woken together, again and again."""

import asyncio

import pytest

from playground.live.frames import FEW_RUNS, MANY_RUNS, Frames, seconds_of


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


def test_where_very_many_are_live_they_are_shown_ten_times_a_second() -> None:
    assert seconds_of(MANY_RUNS + 1) == pytest.approx(1 / 10)


def test_a_frame_is_as_long_as_the_runs_of_that_moment_let_it_be() -> None:
    live = [1]
    frames = Frames(lambda: seconds_of(len(live)))
    assert frames.until_next(10.0) == pytest.approx(1 / 40)
    live *= FEW_RUNS + 1
    assert frames.until_next(10.0) == pytest.approx(1 / 20)
