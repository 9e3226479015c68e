"""A file of 50,000 rows is taken again and again while 50 runs are streamed: how much later do chunks come?

The same runs flow once alone, and once while somebody exports: what their chunks were on their way for, from
the upstream's writing to the page, is compared.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.figures import Bounds, Figure
from bench.followers import all_over, follow, get
from bench.measures import middle, percentile
from bench.paced import Order
from bench.people import TEAM, Person, people_for, run_all
from bench.scale import Scale
from bench.stage import Stage, raxdash, signed_in, start, within
from tests.installation import free_port

NAME = "Exports: 50,000 rows beside 50 live streams"
STREAMS, PER_SECOND = 50, 20.0
# Keys, days, and hours of a day: a few more rows than a file has.
KEYS, DAYS, ROWS = 72, 30, 50_000
MOST_ADDED_MS = 20.0


def measure(scale: Scale) -> list[Figure]:
    """Return how late chunks come beside exports and without, and how long an export takes meanwhile."""
    keys = scale.of(KEYS, 8)
    with with_history(keys) as stage:
        quiet, busy, files = asyncio.run(rounds(stage, scale.of(10, 3), scale.runs, scale.of(ROWS, 0)))
    return [
        Figure(
            f"{STREAMS} streams × {PER_SECOND:g} chunks/s beside CSV: a chunk (95th percentile)",
            middle(busy) * 1000,
            "ms",
            middle(quiet) * 1000,
            "alone",
            bound=MOST_ADDED_MS,
            bounds=Bounds.DIFFERENCE,
        ),
        Figure(f"{ROWS:,} rows of CSV meanwhile", middle(files), "s"),
    ]


@contextmanager
def with_history(keys: int) -> Iterator[Stage]:
    """Yield a stage whose team has keys with a month of history, all of the paced upstream."""
    with raxdash() as installation:
        stage = Stage(installation, free_port(), free_port())
        start(installation, "upstream", stage.upstream_port, stage.upstream_port)
        base_url = f"http://127.0.0.1:{stage.upstream_port}/v1"
        within(installation, "history.build", keys, DAYS, DAYS, base_url)
        within(installation, "people.add", people_for(STREAMS))
        within(installation, "people.unlimit")
        within(installation, "keys.retire_others")
        installation.start_web()
        yield stage


async def rounds(
    stage: Stage, seconds: int, count: int, rows: int
) -> tuple[list[float], list[float], list[float]]:
    """Return late chunks without exports and beside them, and how long exports took, all in seconds."""
    quiet: list[float] = []
    busy: list[float] = []
    files: list[float] = []
    async with signed_in(stage, STREAMS) as people:
        files.append(await export(people[0], rows))
        for number in range(count):
            quiet.append(await late(stage, people, orders(f"quiet{number}", seconds)))
            exporting = asyncio.create_task(again_and_again(people[0], rows, files))
            busy.append(await late(stage, people, orders(f"busy{number}", seconds)))
            exporting.cancel()
    return quiet, busy, files


def orders(gate: str, seconds: int) -> list[Order]:
    """Return the runs of one round."""
    chunks = int(seconds * PER_SECOND)
    return [Order(gate, index, chunks, PER_SECOND, is_stamped=True) for index in range(STREAMS)]


async def late(stage: Stage, people: list[Person], wished: list[Order]) -> float:
    """Return how long chunks are on their way (95th percentile) in seconds."""
    started = await run_all(people, [order.model for order in wished])
    port = stage.installation.port
    requests = [get(port, run.stream, who.cookie_header) for who, run in started]
    followed = [await follow(port, request, keeps_stamps=True) for request in requests]
    await stage.until_waiting(len(wished))
    stage.open_gate(wished[0].gate, gap=1 / PER_SECOND / len(wished))
    await all_over(followed, seconds=wished[0].chunks / PER_SECOND + 60)
    return percentile([seconds for one in followed for seconds in one.chunk_seconds], 0.95)


async def again_and_again(person: Person, rows: int, files: list[float]) -> None:
    """Export until nobody waits for it any more."""
    while True:
        files.append(await export(person, rows))


async def export(person: Person, rows: int) -> float:
    """Take a file of so many rows at least; return how many seconds that took."""
    began = time.monotonic()
    text = await person.read(f"{TEAM}usage/export.csv?by=key&period={DAYS}d&step=hour")
    if text.count("\n") < rows:
        raise RuntimeError(f"a file of {text.count(chr(10))} lines: {text[:300]}")
    return time.monotonic() - began
