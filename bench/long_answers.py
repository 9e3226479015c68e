"""Whether a token's cost grows with the answer: the last 1,000 of 20,000 chunks against the first 1,000."""

import asyncio

from bench.figures import Bounds, Figure
from bench.followers import all_over, follow, get
from bench.measures import cpu_seconds, middle
from bench.paced import Order
from bench.people import Person, run_all
from bench.scale import Scale
from bench.stage import Stage, people_for, signed_in, streaming

NAME = "Streaming: long answers"
STREAMS = 8
PER_SECOND = 250
WINDOW = 1_000
MOST_TIMES_FIRST = 1.1


def measure(scale: Scale) -> list[Figure]:
    """Return the CPU of the web process for the last chunks beside that for the first."""
    chunks = scale.of(20_000, 4_000)
    with streaming(people_for(STREAMS)) as stage:
        found = asyncio.run(rounds(stage, chunks, scale.runs))
    first, last = middle([one[0] for one in found]), middle([one[1] for one in found])
    return [
        Figure(
            f"last {WINDOW:,} of {chunks:,} chunks",
            last * 1000,
            "ms",
            first * 1000,
            "first 1,000",
            bound=MOST_TIMES_FIRST,
            bounds=Bounds.RATIO,
        )
    ]


async def rounds(stage: Stage, chunks: int, count: int) -> list[tuple[float, float]]:
    """Return pairs of CPU seconds, for the first and the last 1,000 chunks of a stream."""
    async with signed_in(stage, people_for(STREAMS)) as people:
        await once(stage, people, "warm", 2 * WINDOW)
        return [await once(stage, people, f"long{number}", chunks) for number in range(count)]


async def once(stage: Stage, people: list[Person], gate: str, chunks: int) -> tuple[float, float]:
    """Return CPU seconds per 1,000 chunks at the beginning and at the end of long streams.

    Several streams flow in step, so that a window is long enough to be measured.
    """
    wished = [Order(gate, index, chunks, PER_SECOND) for index in range(STREAMS)]
    started = await run_all(people, [order.model for order in wished])
    port = stage.installation.port
    followed = [await follow(port, get(port, run.stream, who.cookie_header)) for who, run in started]
    await stage.until_waiting(STREAMS)
    before = stage.stats()["sent"]
    stage.open_gate(gate, gap=1 / PER_SECOND / STREAMS)
    over = asyncio.create_task(all_over(followed, seconds=chunks / PER_SECOND + 60))
    first = await window(stage, before, 0)
    # The end of the window comes before the end of the streams: storing how they ended is another matter.
    last = await window(stage, before, chunks - WINDOW - PER_SECOND // 2)
    await over
    return first, last


async def window(stage: Stage, before: int, begin: int) -> float:
    """Return CPU seconds per 1,000 chunks, from chunk `begin` of each stream for `WINDOW` chunks."""
    sent = await until_sent(stage, before + begin * STREAMS)
    cpu = cpu_seconds(stage.pid("web"))
    sent = await until_sent(stage, before + (begin + WINDOW) * STREAMS) - sent
    return (cpu_seconds(stage.pid("web")) - cpu) / sent * 1000


async def until_sent(stage: Stage, count: int) -> int:
    """Wait until the upstream has sent so many chunks; return how many it has."""
    while (sent := int(stage.stats()["sent"])) < count:  # noqa: ASYNC110  it happens in another process
        await asyncio.sleep(0.02)
    return sent
