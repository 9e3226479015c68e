"""A live run takes what arrives, frame by frame, up to a bound."""

import asyncio
from collections.abc import Awaitable, Callable

from playground.live import runner
from playground.live.log.frames import Hold, Pace
from playground.live.log.said import LONGEST_TEXT
from playground.live.outcome.outcomes import RunOutcome
from playground.live.process_log import log
from playground.live.runner import TOO_LONG, LiveRun
from playground.models import RunState
from rax import Chunk
from tests.playground.live.scripted import asking, order
from tests.rax.wire import delta, event, stream_head


async def test_an_answer_without_an_end_is_ended() -> None:
    live = LiveRun(order())
    await log.open(live.id)

    async def endless() -> None:
        for _ in range(100):
            await live.take([Chunk("x" * 300_001)])
            await asyncio.sleep(0)

    live.task = asyncio.create_task(endless())
    await asyncio.wait([live.task])
    assert live.task.cancelled()
    assert len(live.said.text()) == LONGEST_TEXT
    assert live._ending == TOO_LONG


async def test_a_run_that_is_stopped_keeps_the_headers_of_what_had_begun(monkeypatch) -> None:
    stored: list[RunOutcome] = []
    monkeypatch.setattr(runner, "store_end", lambda _, outcome: stored.append(outcome))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(stream_head(X_Served_By="gateway") + event(delta("One")))
        await reader.read()
        writer.close()

    async with asking(answer) as (live, connections):
        live.task = asyncio.create_task(live.carry_out(connections, pace := HeldPace()))
        await pace.is_awaited.wait()
        live.end(RunOutcome(RunState.STOPPED))
        await live.task
    (outcome,) = stored
    assert (outcome.state, outcome.answer) == (RunState.STOPPED, "One")
    assert outcome.headers is not None
    assert outcome.headers["x-served-by"] == "gateway"


def test_a_run_stopped_before_its_first_word_counts_its_prompt() -> None:
    live = LiveRun(order())
    assert live._estimate(RunOutcome(RunState.STOPPED)) is None
    live.begin_clocks()
    stopped = live._estimate(RunOutcome(RunState.STOPPED))
    assert stopped is not None
    assert stopped.prompt > stopped.completion == 0
    assert live._estimate(RunOutcome(RunState.FAILED)) is None


class HeldPace(Pace):
    """A run goes on when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.is_awaited, self.begun = asyncio.Event(), asyncio.Event()

    async def next(self, pieces: int, hold_until: Hold) -> None:
        self.is_awaited.set()
        await self.begun.wait()


class CountedPace(Pace):
    """Runs go on at once; and how often they asked."""

    count = 0

    def __init__(self) -> None:
        super().__init__()

    async def next(self, pieces: int, hold_until: Hold) -> None:
        self.count += 1
        await asyncio.sleep(0)


type Says = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def taken(says: Says, pace: Pace) -> list[str]:
    """Return the pieces that a run takes of what a server says."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(stream_head())
        await says(writer)
        writer.write(event("[DONE]"))
        writer.close()

    async with asking(answer) as (live, connections):
        await live._ask(connections, pace)
    return [entry.text for entry in await log.after(live.id, 0)]


async def test_the_first_words_wait_for_no_frame_and_what_follows_is_taken_together() -> None:
    pace = HeldPace()

    async def says(writer: asyncio.StreamWriter) -> None:
        writer.write(event(delta("")))
        await asyncio.sleep(0.02)
        writer.write(event(delta("One ")))
        await pace.is_awaited.wait()
        for word in ("two ", "three ", "four"):
            writer.write(event(delta(word)))
            for _ in range(20):  # turns of the loop: in one long one it may have heard nothing
                await asyncio.sleep(0.001)
        pace.begun.set()

    assert await taken(says, pace) == ["One ", "two three four"]


async def test_a_fast_model_is_not_waited_for() -> None:
    pace, words = CountedPace(), [f"word{number} " for number in range(4_000)]

    async def says(writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join([event(delta(word)) for word in words]))
        await writer.drain()

    pieces = await taken(says, pace)
    assert "".join(pieces) == "".join(words)
    assert pace.count < len(pieces) / 2
