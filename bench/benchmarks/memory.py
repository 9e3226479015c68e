"""What a live stream takes of the web process's memory, by the time its answer has 8 KB."""

import asyncio

from bench.figures import Figure
from bench.followers import all_over
from bench.measures import middle, pss_bytes
from bench.paced import Order
from bench.people import Person, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Streaming: memory"
PER_SECOND = 50.0
# Chunks have five characters on average.
CHUNKS = 8_000 // 5
MARGIN = 200
MOST_KILOBYTES = 300.0


def measure(scale: Scale) -> list[Figure]:
    """Return the memory of one of many live streams whose answers have 8 KB."""
    streams = scale.of(100, 10)
    with streaming(streams) as stage:
        found = asyncio.run(rounds(stage, streams, scale.runs))
    what = f"a live stream of an 8 KB answer, of {streams} (PSS)"
    return [Figure(what, middle(found) / 1000, "KB", bound=MOST_KILOBYTES)]


async def rounds(stage: Stage, streams: int, count: int) -> list[float]:
    """Return bytes for each stream, measured so many times."""
    async with signed_in(stage, streams) as people:
        # What a process takes once, as it first does something, is no stream's.
        await once(stage, people, "warm", streams, CHUNKS // 8)
        return [await once(stage, people, f"memory{number}", streams, CHUNKS) for number in range(count)]


async def once(stage: Stage, people: list[Person], gate: str, streams: int, chunks: int) -> float:
    """Return how many bytes each stream takes when its answer has so many chunks, while it goes on."""
    orders = [Order(gate, index, chunks + MARGIN, PER_SECOND) for index in range(streams)]
    web, before = stage.pid("web"), stage.stats()["sent"]
    empty = pss_bytes(web)
    started = await run_all(people, [order.model for order in orders])
    followed = await stage.follow_runs(started)
    await stage.until_waiting(streams)
    stage.open_gate(gate, gap=1 / PER_SECOND / streams)
    await stage.until("sent", before + chunks * streams)
    full = pss_bytes(web)
    await all_over(followed, seconds=60 + MARGIN / PER_SECOND)
    return (full - empty) / streams
