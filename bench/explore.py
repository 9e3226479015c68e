"""Questions about usage: 500 keys over 90 days beside the bare sum of the same rows, and each control of the
page beside what it takes with one month of history. SQLite and PostgreSQL; real HTTP, signed in.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from bench.figures import Bounds, Figure
from bench.measures import percentile
from bench.pages import World, build
from bench.people import TEAM, Person
from bench.scale import Scale
from bench.stage import raxdash, within
from tests.installation import Installation
from tests.servers import fresh_database, running_postgres

NAME = "Explore: questions about usage"
# The opening page, and each control changed once.
PAGES = {
    "opening page": "usage/",
    "requests": "usage/?measure=requests",
    "30 days": "usage/?period=30d",
    "90 days": "usage/?period=90d",
    "by owner": "usage/?by=owner",
    "by project": "usage/?by=project",
    "compared": "usage/?compare=previous",
    "cumulative": "usage/?view=cumulative",
}
GROUPED = {"by key and model, 90 days": "usage/?by=key,model&period=90d"}
MOST_TIMES, MOST_TIMES_BARE = 1.2, 2.0
MOST_MS = 300.0
# Of the numbers alone this question is held to the bare sum; the others are told beside it.
BOUNDED = "key × model"
# Of older quarters none is read here, and they are most of what there is to write.
DAYS_IN_QUARTERS = 9


def measure(scale: Scale) -> list[Figure]:
    """Return what questions take on each database."""
    with ExitStack() as stack:
        server = stack.enter_context(running_postgres())
        databases = {"SQLite": dict, "PostgreSQL": lambda: {"DATABASE_URL": fresh_database(server)}}
        return [figure for name, database in databases.items() for figure in on(name, database, scale)]


def on(name: str, database: Callable[[], dict[str, str]], scale: Scale) -> Iterator[Figure]:
    """Yield the figures of one database."""
    month, years = World("1 month", 50, 30), World("3 years", 50, scale.of(1095, 90))
    many, requests = World("500 keys", scale.of(500, 60), 95), scale.of(20, 3) * scale.runs
    with ExitStack() as stack:
        rooms = {world.name: stack.enter_context(raxdash(**database())) for world in (month, years, many)}
        for world in (month, years, many):
            build(rooms[world.name], world, DAYS_IN_QUARTERS)
        few = asyncio.run(read(rooms[month.name], PAGES, requests))
        for page, seconds in asyncio.run(read(rooms[years.name], PAGES, requests)).items():
            yield beside(f"{page}: 3 years, {name}", seconds, few[page], "1 month", MOST_TIMES)
        for page, seconds in asyncio.run(read(rooms[many.name], GROUPED, requests)).items():
            yield Figure(f"{page}: 500 keys, {name}", seconds * 1000, "ms", bound=MOST_MS)
        found = within(rooms[many.name], "explore.answers", requests)
        bare = found.pop("bare") / 1000
        for question, milliseconds in found.items():
            what = f"numbers by {question}, 90 days: 500 keys, {name}"
            bound = MOST_TIMES_BARE if question == BOUNDED else None
            yield beside(what, milliseconds / 1000, bare, "the bare sum", bound)


async def read(installation: Installation, pages: dict[str, str], requests: int) -> dict[str, float]:
    """Return the 95th percentile of each page's seconds, as one member reads it."""
    times: dict[str, list[float]] = {page: [] for page in pages}
    async with Person(installation.url, 0) as person:
        for page, address in pages.items():
            await person.read(TEAM + address)
            for _ in range(requests):
                began = time.perf_counter()
                await person.read(TEAM + address)
                times[page].append(time.perf_counter() - began)
    return {page: percentile(seconds, 0.95) for page, seconds in times.items()}


def beside(what: str, seconds: float, reference: float, words: str, bound: float | None) -> Figure:
    """Return a time beside another one."""
    return Figure(what, seconds * 1000, "ms", reference * 1000, words, bound=bound, bounds=Bounds.RATIO)
