"""How a run waits for its first words: what is said of it, and who is told."""

import asyncio
from uuid import uuid4

import pytest

from playground.live.log.frames import Pace
from playground.live.log.log import MemoryLog
from playground.live.log.waiting import ALIVE_SECONDS, KEPT_ALIVE, SIGN_SECONDS, WAITING, Waiting
from playground.live.process_log import log
from tests.playground.live.scripted import asking
from tests.rax.wire import delta, event, stream_head

NOON = 1_780_000_000.0


def test_it_says_how_long_it_has_waited() -> None:
    waiting = Waiting(since=NOON)
    assert (waiting.words(NOON + 12.4), waiting.length(NOON + 12.4)) == (WAITING, "12 s")
    assert waiting.seconds_to_next(NOON + 12.4) == pytest.approx(0.6)


def test_it_says_that_the_api_keeps_the_connection_alive_while_that_does() -> None:
    waiting = Waiting(since=NOON, heard_at=NOON + 70)
    assert (waiting.words(NOON + 80), waiting.length(NOON + 80)) == (KEPT_ALIVE, "1 min 20 s")
    assert waiting.words(NOON + 70 + ALIVE_SECONDS) == WAITING


def test_a_clock_that_was_set_back_makes_no_negative_time() -> None:
    assert Waiting(since=NOON).length(NOON - 3_600) == "0 s"


def test_it_goes_through_redis_as_text() -> None:
    waiting = Waiting(NOON + 0.5, NOON + 70.25)
    assert Waiting.read(str(waiting)) == waiting


def test_not_every_sign_is_news() -> None:
    assert Waiting(NOON).is_news(NOON)
    assert not Waiting(NOON, NOON).is_news(NOON + SIGN_SECONDS / 2)


async def test_a_log_says_how_a_run_waits_until_words_come() -> None:
    memory, run = MemoryLog(), uuid4()
    await memory.wait(run, Waiting(NOON))
    assert memory.waiting(run) is None  # a run that it does not hold
    await memory.open(run)
    await memory.wait(run, Waiting(NOON))
    assert memory.waiting(run) == Waiting(NOON)
    await memory.append(run, "Hello")
    assert memory.waiting(run) is None
    await memory.wait(run, Waiting(NOON, NOON + 30))
    assert memory.waiting(run) == Waiting(NOON, NOON + 30)


async def test_a_log_that_goes_away_forgets_how_its_run_waits() -> None:
    memory, run = MemoryLog(), uuid4()
    await memory.open(run)
    await memory.wait(run, Waiting(NOON))
    memory.drop(run)
    assert memory.waiting(run) is None


async def test_readers_are_told_of_signs_of_life_until_the_first_words() -> None:
    told: list[Waiting | None] = []
    go_on = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        told.append(log.waiting(live.id))
        writer.write(stream_head() + b": keep-alive\n\n")
        await go_on.wait()
        writer.write(event(delta("Hello")))
        await reader.read()
        writer.close()

    async with asking(answer) as (live, connections):
        with log.ringing([live.id]) as bell:
            task = asyncio.create_task(live._ask(connections, Pace()))
            while not ((waiting := log.waiting(live.id)) and waiting.heard_at):
                await bell.wait(asyncio.get_running_loop().time() + 60)
            go_on.set()
            while log.waiting(live.id):
                await bell.wait(asyncio.get_running_loop().time() + 60)
        task.cancel()
        await asyncio.wait([task])
    assert told[0] is not None
    assert told[0].heard_at == 0
