"""Whether a token's cost grows with the answer: the last 1,000 of 20,000 chunks against the first 1,000.

More than a minute lies between them, in which a shared machine becomes faster or slower. So a relay carries
as many chunks at the same time, and each window is told in what the relay spent in it.
"""

import asyncio

from bench.figures import Bounds, Figure
from bench.followers import all_over
from bench.measures import cpu_seconds, middle
from bench.paced import PIECES, Order
from bench.people import Person, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Streaming: long answers"
STREAMS = 8
PER_SECOND = 250
WINDOW = 1_000
# The last window ends before the streams do: storing how they ended is another matter.
MARGIN = 125
MOST_TIMES_FIRST = 1.1


def measure(scale: Scale) -> list[Figure]:
    """Return the CPU of the web process for the last chunks beside that for the first."""
    # Whole rounds and a window: both windows are of the same text, some of which costs more than other.
    chunks = PIECES * scale.of(5, 1) + WINDOW + MARGIN
    with streaming(STREAMS) as stage:
        found = asyncio.run(rounds(stage, chunks, scale.runs))
    first, last = middle([one[0] for one in found]), middle([one[1] for one in found])
    return [
        Figure(
            f"last {WINDOW:,} of {chunks:,} chunks, in the relay's",
            last,
            "times",
            first,
            "first 1,000",
            bound=MOST_TIMES_FIRST,
            bounds=Bounds.RATIO,
        )
    ]


async def rounds(stage: Stage, chunks: int, count: int) -> list[tuple[float, float]]:
    """Return what `once` does, so many times."""
    async with signed_in(stage, STREAMS) as people:
        await once(stage, people, "warm", 2 * WINDOW + MARGIN)
        return [await once(stage, people, f"long{number}", chunks) for number in range(count)]


async def once(stage: Stage, people: list[Person], gate: str, chunks: int) -> tuple[float, float]:
    """Return CPU at the beginning and at the end of long streams, each in times of the relay's.

    Several streams flow in step, so that a window is long enough to be measured.
    """
    ours = [Order(gate, index, chunks, PER_SECOND) for index in range(STREAMS)]
    relays = [Order(gate, STREAMS + index, chunks, PER_SECOND) for index in range(STREAMS)]
    started = await run_all(people, [order.model for order in ours])
    followed = await stage.follow_runs(started) + await stage.follow_relay(relays)
    await stage.until_waiting(2 * STREAMS)
    before = stage.stats()["sent"]
    stage.open_gate(gate, gap=1 / PER_SECOND / STREAMS / 2)
    over = asyncio.create_task(all_over(followed, seconds=chunks / PER_SECOND + 60))
    first = await window(stage, before, 0)
    last = await window(stage, before, chunks - WINDOW - MARGIN)
    await over
    return first, last


async def window(stage: Stage, before: int, begin: int) -> float:
    """Return the web process's CPU in times of the relay's, from chunk `begin` of each stream on."""
    await stage.until("sent", before + begin * 2 * STREAMS)
    web, relay = cpu_seconds(stage.pid("web")), cpu_seconds(stage.pid("relay"))
    await stage.until("sent", before + (begin + WINDOW) * 2 * STREAMS)
    return (cpu_seconds(stage.pid("web")) - web) / (cpu_seconds(stage.pid("relay")) - relay)
