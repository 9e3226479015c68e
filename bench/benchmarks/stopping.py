"""How soon upstream is closed after Stop: from pressing it to the end of the upstream's connection."""

import asyncio
import time

from bench.figures import Figure
from bench.followers import Followed
from bench.measures import middle, percentile
from bench.paced import Order
from bench.people import Person, run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Streaming: Stop"
STREAMS = 20
PER_SECOND = 50
MOST_MS = 50.0
BETWEEN_SECONDS = 0.1


def measure(scale: Scale) -> list[Figure]:
    """Return the 95th percentile over all Stops, each pressed while the other streams flow."""
    with streaming(STREAMS) as stage:
        times = asyncio.run(rounds(stage, scale.runs))
    return [
        Figure(f"upstream closed, p95 of {len(times)}", percentile(times, 0.95) * 1000, "ms", bound=MOST_MS),
        Figure("upstream closed, median", middle(times) * 1000, "ms"),
    ]


async def rounds(stage: Stage, count: int) -> list[float]:
    """Return the seconds of every Stop."""
    times: list[float] = []
    async with signed_in(stage, STREAMS) as people:
        await once(stage, people, "warm")
        for number in range(count):
            times += await once(stage, people, f"stop{number}")
    return times


async def once(stage: Stage, people: list[Person], gate: str) -> list[float]:
    """Start streams, stop them one after the other, and return how long each took upstream to be closed."""
    wished = [Order(gate, index, 100_000, PER_SECOND) for index in range(STREAMS)]
    started = await run_all(people, [order.model for order in wished])
    followed = await stage.follow_runs(started)
    await stage.until_waiting(STREAMS)
    stage.open_gate(gate, gap=1 / PER_SECOND / STREAMS)
    await until_flowing(followed)
    pressed = []
    for person, run in started:
        pressed.append(time.monotonic())
        await person.stop(run.run_id)
        await asyncio.sleep(BETWEEN_SECONDS)
    closed = await until_closed(stage, wished)
    return [closed[order.name] - at for order, at in zip(wished, pressed, strict=True)]


async def until_closed(stage: Stage, wished: list[Order]) -> dict[str, float]:
    """Return when the upstream's connections ended, once all of these have; raise after ten seconds."""
    names = {order.name for order in wished}
    async with asyncio.timeout(10):
        while not names <= (closed := stage.stats()["closed"]).keys():  # noqa: ASYNC110  another process
            await asyncio.sleep(0.1)
    found: dict[str, float] = closed
    return found


async def until_flowing(followed: list[Followed]) -> None:
    """Wait until every stream has brought its first token."""
    async with asyncio.timeout(30):
        while any(one.first_arrived_at is None for one in followed):  # noqa: ASYNC110  it is a page's view
            await asyncio.sleep(0.02)
