"""CPU of a streamed chunk: the web process against the bare relay, 50 streams of 50 chunks a second."""

import asyncio

from bench.figures import Bounds, Figure
from bench.followers import Followed, all_over
from bench.measures import cpu_seconds, middle
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
        ours, relays = asyncio.run(rounds(stage, streams, seconds, scale.runs))
    return [
        Figure(
            f"{streams} streams × {PER_SECOND} chunks/s",
            middle(ours) * 1000,
            "ms",
            middle(relays) * 1000,
            "relay",
            bound=MOST_TIMES_RELAY,
            bounds=Bounds.RATIO,
        )
    ]


async def rounds(stage: Stage, streams: int, seconds: float, count: int) -> tuple[list[float], list[float]]:
    """Return CPU seconds per 1,000 chunks of web and relay, measured in turn so many times."""
    ours, relays = [], []
    async with signed_in(stage, streams) as people:
        await ours_once(stage, people, orders("warm", streams, 2.0), 0.5)
        await relay_once(stage, orders("warm-relay", streams, 2.0), 0.5)
        for number in range(count):
            ours.append(await ours_once(stage, people, orders(f"ours{number}", streams, seconds), seconds))
            relays.append(await relay_once(stage, orders(f"relay{number}", streams, seconds), seconds))
    return ours, relays


def orders(gate: str, streams: int, seconds: float) -> list[Order]:
    """Return the runs of one measurement, long enough to settle before it and to go on after it."""
    chunks = int((seconds + 2 * SETTLE_SECONDS) * PER_SECOND)
    return [Order(gate, index, chunks, PER_SECOND) for index in range(streams)]


async def ours_once(stage: Stage, people: list[Person], wished: list[Order], seconds: float) -> float:
    """Return what the web process spends on runs that were started and are followed as people do."""
    started = await run_all(people, [order.model for order in wished])
    return await spent(stage, "web", wished, await stage.follow_runs(started), seconds)


async def relay_once(stage: Stage, wished: list[Order], seconds: float) -> float:
    """Return what the relay spends on the same."""
    return await spent(stage, "relay", wished, await stage.follow_relay(wished), seconds)


async def spent(
    stage: Stage, process: str, wished: list[Order], followed: list[Followed], seconds: float
) -> float:
    """Open the gate and return a process's CPU seconds per 1,000 chunks while all streams flow."""
    await stage.until_waiting(len(wished))
    # Spread over one chunk's time: real streams are not in step.
    stage.open_gate(wished[0].gate, gap=1 / PER_SECOND / len(wished))
    await asyncio.sleep(SETTLE_SECONDS)
    cpu, sent = cpu_seconds(stage.pid(process)), stage.stats()["sent"]
    await asyncio.sleep(seconds)
    cpu, sent = cpu_seconds(stage.pid(process)) - cpu, stage.stats()["sent"] - sent
    await all_over(followed, seconds=30)
    return cpu / sent * 1000
