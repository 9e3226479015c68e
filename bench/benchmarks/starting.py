"""What it costs to start a run, beside an empty signed-in POST of the same run: Stop, pressed after its end.

Both go through the same layers: session, CSRF, the team and what its member may do, the run's row. What a
start adds is its own. What an answer costs is none of it: its first word comes when the start was measured.
"""

import asyncio

from bench.figures import Bounds, Figure
from bench.measures import cpu_seconds, middle
from bench.paced import Order
from bench.people import Person, Started
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming

NAME = "Starting a run"
MOST_TIMES_EMPTY = 1.5
# One after the other: what people who press at once wait for is `first_token`'s.
CHUNKS, PER_SECOND = 1, 50.0


def measure(scale: Scale) -> list[Figure]:
    """Return the CPU of the web process for a start beside that for an empty POST."""
    count = scale.of(100, 10)
    with streaming(1) as stage:
        starts, empties = asyncio.run(rounds(stage, count, scale.runs))
    return [
        Figure(
            "CPU of a start",
            middle(starts) * 1000,
            "ms",
            middle(empties) * 1000,
            "empty POST",
            bound=MOST_TIMES_EMPTY,
            bounds=Bounds.RATIO,
        )
    ]


async def rounds(stage: Stage, count: int, runs: int) -> tuple[list[float], list[float]]:
    """Return the CPU seconds of a start, and of an empty POST, measured in turn so many times."""
    starts, empties = [], []
    async with signed_in(stage, 1) as (person, *_):
        await started(stage, person, count, "warm")
        for number in range(runs):
            seconds, last = await started(stage, person, count, str(number))
            starts.append(seconds)
            empties.append(await emptied(stage, person, count, last))
    return starts, empties


async def started(stage: Stage, person: Person, count: int, name: str) -> tuple[float, Started]:
    """Return the CPU seconds of one of so many starts, and the last run; each has ended before the next."""
    spent = 0.0
    for number in range(count):
        order = Order(f"start {name} {number}", 0, CHUNKS, PER_SECOND)
        before = cpu_seconds(stage.pid("web"))
        run = await person.run(order.model, f"Measure {name} {number}")
        spent += cpu_seconds(stage.pid("web")) - before
        # What it does from then on is not its start.
        stage.open_gate(order.gate)
        await asyncio.sleep(3 / PER_SECOND)
    return spent / count, run


async def emptied(stage: Stage, person: Person, count: int, run: Started) -> float:
    """Return the CPU seconds of one of so many empty POSTs of a run that has ended."""
    spent = 0.0
    for _ in range(count):
        before = cpu_seconds(stage.pid("web"))
        await person.stop(run.run_id)
        spent += cpu_seconds(stage.pid("web")) - before
        await asyncio.sleep(3 / PER_SECOND)
    return spent / count
