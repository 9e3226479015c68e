"""Questions about usage, with three years of history beside one month, and 500 keys beside 50: the opening
page, and each of its controls changed once; 500 keys over 90 days beside the bare sum of the same rows; five
views a second. SQLite and PostgreSQL; real HTTP, signed in.

Pages are compared by the CPU of all processes that answer, which other processes change little; what people
wait for is told by the clock.
"""

import asyncio
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack

from bench.benchmarks.pages import World, build
from bench.figures import Bounds, Figure
from bench.measures import cpu_below, middle, percentile, spent
from bench.people import TEAM, Person
from bench.scale import Scale
from bench.stage import raxdash, within
from tests.installation import Installation
from tests.servers import fresh_database, running_postgres

NAME = "Explore: questions about usage"
DIMENSIONS = ("model", "key", "account", "owner", "project", "label", "member", "source")
# The opening page, and each control changed once; {key} and so on stand for values of a dimension.
CONTROLS = {
    "opening page": "",
    **{f"by {one}": f"by={one}" for one in DIMENSIONS[1:]},
    "by key and model": "by=key,model",
    "by owner and model": "by=owner,model",
    **{f"one {one}": f"filter.{one}={{{one}}}" for one in DIMENSIONS},
    "requests": "measure=requests",
    **{f"period {one}": f"period={one}" for one in ("24h", "30d", "90d", "12m", "billing", "last-month")},
    "step": "step=hour",
    "compared": "compare=previous",
    "compared with a year ago": "compare=year",
    "compared, and why": "compare=previous&why=now",
    "a year ago, and why": "compare=year&why=now",
    "cumulative": "view=cumulative",
    "anchor": "anchor={account}",
    "attributes of today": "attributes=today",
    "complete days": "complete=1",
    "hidden": "hide={model}",
    "table by time": "table=time",
}
# What tells keys apart grows with them; so does the sentence that says why a time differs from another one.
BY_KEYS = {"by key", "by account", "by key and model", "compared, and why", "a year ago, and why"}
LARGEST = "by=key,model&period=90d"
MOST_TIMES, MOST_TIMES_BARE = 1.2, 2.0
MOST_MS, MOST_MS_OF_A_VIEW, MOST_BYTES = 300.0, 150.0, 100_000
VIEWS_A_SECOND = 5
# Of the numbers alone this question is held to the bare sum; the others are told beside it.
BOUNDED = "key × model"
# Of older quarters none is read here but a year before, and they are most of what there is to write.
DAYS_IN_QUARTERS = 16
FIGURE = re.compile(r'<script type="application/json" id="chart-data">(.*?)</script>', re.DOTALL)

type Times = dict[tuple[str, str], list[float]]


def measure(scale: Scale) -> list[Figure]:
    """Return what questions take on each database."""
    with ExitStack() as stack:
        server = stack.enter_context(running_postgres())
        databases = {"SQLite": dict, "PostgreSQL": lambda: {"DATABASE_URL": fresh_database(server)}}
        return [figure for name, database in databases.items() for figure in on(name, database, scale)]


def on(name: str, database: Callable[[], dict[str, str]], scale: Scale) -> Iterator[Figure]:
    """Yield the figures of one database."""
    days = scale.of(1095, 90)
    worlds = [World("month", 50, 30), World("years", 50, days), World("many", scale.of(500, 60), days)]
    with ExitStack() as stack:
        rooms = {world.name: stack.enter_context(raxdash(**database())) for world in worlds}
        values = {world.name: prepare(rooms[world.name], world) for world in worlds}
        times, sizes = asyncio.run(read_all(rooms, values, scale.of(2, 1) * scale.runs))
        yield from beside(times, "years", "month", "1 month", name)
        yield from beside(times, "many", "years", "50 keys", name)
        yield Figure(f"chart, the largest of all: {name}", max(sizes), "bytes", bound=MOST_BYTES)
        requests = scale.of(10, 3) * scale.runs
        largest = asyncio.run(read_one(rooms["many"], LARGEST, requests))
        yield Figure(f"by key and model, 90 days: 500 keys, {name}", largest, "ms", bound=MOST_MS)
        for world in ("years", "many"):
            views = asyncio.run(view(rooms[world], values[world], scale.of(20, 5)))
            what = f"five views a second: {world}, {name}"
            yield Figure(what, percentile(views, 0.95) * 1000, "ms", bound=MOST_MS_OF_A_VIEW)
        yield from in_numbers(rooms["many"], name, requests)


def prepare(installation: Installation, world: World) -> dict[str, str]:
    """Make a history, describe its keys and start the web process; return a value of each dimension."""
    in_quarters = min(DAYS_IN_QUARTERS, world.days)
    build(installation, world, in_quarters)
    values: dict[str, str] = within(installation, "described.describe", world.days, in_quarters)
    return values


async def read_all(
    rooms: Mapping[str, Installation], values: Mapping[str, dict[str, str]], requests: int
) -> tuple[Times, list[int]]:
    """Return the CPU seconds of each (control, world), where the worlds take turns with every request; and
    how many bytes each chart is.
    """
    times: Times = {}
    sizes = []
    async with AsyncExitStack() as stack:
        people = {name: await stack.enter_async_context(Person(room.url, 0)) for name, room in rooms.items()}
        for control, query in CONTROLS.items():
            for number in range(requests + 1):
                for name, person in people.items():
                    before = cpu_below(os.getpid())
                    text = await person.read(address(query, values[name]))
                    seconds = spent(before, cpu_below(os.getpid()))
                    # The first look finds cold caches.
                    if number:
                        times.setdefault((control, name), []).append(seconds)
                    elif found := FIGURE.search(text):
                        sizes.append(len(found[1].encode()))
    return times, sizes


def address(query: str, values: Mapping[str, str]) -> str:
    """The address of a question."""
    return f"{TEAM}usage/?{query.format_map(values)}"


def beside(times: Times, world: str, reference: str, words: str, name: str) -> Iterator[Figure]:
    """Yield the CPU of each control in one world beside that in another."""
    for control in CONTROLS:
        is_bounded = world != "many" or control not in BY_KEYS
        seconds, before = (middle(times[control, each]) for each in (world, reference))
        yield ratio(f"{control}: {world}, {name}", seconds, before, words, MOST_TIMES if is_bounded else None)


async def read_one(installation: Installation, query: str, requests: int) -> float:
    """Return the 95th percentile of a page's milliseconds, as one member reads it."""
    found = []
    async with Person(installation.url, 0) as person:
        for _ in range(requests + 2):
            began = time.perf_counter()
            await person.read(address(query, {}))
            found.append((time.perf_counter() - began) * 1000)
    return percentile(found[2:], 0.95)


async def view(installation: Installation, values: Mapping[str, str], seconds: int) -> list[float]:
    """Return the seconds of views of all kinds, of which so many begin each second, whatever becomes of those
    before.
    """
    queries = [query.format_map(values) for query in CONTROLS.values()]
    async with Person(installation.url, 0) as person:

        async def look(number: int) -> float:
            await asyncio.sleep(number / VIEWS_A_SECOND)
            began = time.perf_counter()
            await person.read(f"{TEAM}usage/?{queries[number % len(queries)]}")
            return time.perf_counter() - began

        return list(await asyncio.gather(*map(look, range(seconds * VIEWS_A_SECOND))))


def in_numbers(installation: Installation, name: str, requests: int) -> Iterator[Figure]:
    """Yield what the numbers alone take beside one grouped sum of the same rows."""
    found = within(installation, "explore.answers", requests)
    bare = found.pop("bare") / 1000
    for question, milliseconds in found.items():
        what = f"numbers by {question}, 90 days: 500 keys, {name}"
        bound = MOST_TIMES_BARE if question == BOUNDED else None
        yield ratio(what, milliseconds / 1000, bare, "the bare sum", bound)


def ratio(what: str, seconds: float, reference: float, words: str, bound: float | None) -> Figure:
    """Return a time beside another one."""
    return Figure(what, seconds * 1000, "ms", reference * 1000, words, bound=bound, bounds=Bounds.RATIO)
