"""CPU of a streamed chunk: the web process against the bare relay, 50 streams of 50 chunks a second each.

A shared machine is faster or slower from one minute to the next, and by as much as the bound leaves: so both
stream in the same moments, and of their ratios the median counts.
"""

import asyncio
import time

from bench.figures import Bounds, Figure
from bench.followers import all_over
from bench.measures import cpu_seconds
from bench.paced import Order
from bench.people import Person, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Streaming: CPU per 1,000 chunks"
PER_SECOND = 50
SETTLE_SECONDS = 1.5
MOST_TIMES_RELAY = 2.0


def measure(scale: Scale) -> list[Figure]:
    """Return the CPU of the web process beside the relay's."""
    streams, seconds = scale.of(50, 10), scale.of(10, 3)
    with streaming(streams) as stage:
        found = asyncio.run(rounds(stage, streams, seconds, scale.runs))
    ours, relay = middle_by_ratio(found)
    return [
        Figure(
            f"{streams} streams × {PER_SECOND} chunks/s",
            ours * 1000,
            "ms",
            relay * 1000,
            "relay",
            bound=MOST_TIMES_RELAY,
            bounds=Bounds.RATIO,
        )
    ]


def middle_by_ratio(found: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the pair of figures whose ratio is the median; of an even number, the worse of the two."""
    ordered = sorted(found, key=lambda pair: pair[0] / pair[1])
    return ordered[len(ordered) // 2]


async def rounds(stage: Stage, streams: int, seconds: float, count: int) -> list[tuple[float, float]]:
    """Return so many times the CPU seconds per 1,000 chunks of the web process and of the relay."""
    async with signed_in(stage, streams) as people:
        await both(stage, people, "warm", streams, 0.5)
        return [await both(stage, people, str(number), streams, seconds) for number in range(count)]


async def both(
    stage: Stage, people: list[Person], name: str, streams: int, seconds: float
) -> tuple[float, float]:
    """Return what the web process and the relay spend on 1,000 chunks while the streams of both flow.

    The runs were started and are followed as people do.
    """
    ours, relays = orders(f"ours-{name}", streams, seconds), orders(f"relay-{name}", streams, seconds)
    started = await run_all(people, [order.model for order in ours])
    followed = [*await stage.follow_runs(started), *await stage.follow_relay(relays)]
    await stage.until_waiting(2 * streams)
    at = time.monotonic()
    for wished in (ours, relays):
        # Spread over one chunk's time: real streams are not in step.
        stage.open_gate(wished[0].gate, at, gap=1 / PER_SECOND / streams)
    await asyncio.sleep(SETTLE_SECONDS)
    before = counted(stage)
    await asyncio.sleep(seconds)
    web, relay, sent = (after - was for after, was in zip(counted(stage), before, strict=True))
    await all_over(followed, seconds=30)
    # The upstream paces both alike: half of what it sent went to each.
    return web / sent * 2000, relay / sent * 2000


def counted(stage: Stage) -> tuple[float, float, int]:
    """Return the CPU seconds of the web process and of the relay, and how many chunks were sent."""
    return cpu_seconds(stage.pid("web")), cpu_seconds(stage.pid("relay")), stage.stats()["sent"]


def orders(gate: str, streams: int, seconds: float) -> list[Order]:
    """Return the runs of one measurement, long enough to settle before it and to go on after it."""
    chunks = int((seconds + 2 * SETTLE_SECONDS) * PER_SECOND)
    return [Order(gate, index, chunks, PER_SECOND) for index in range(streams)]
