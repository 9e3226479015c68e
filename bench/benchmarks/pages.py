"""Pages of usage, quota, keys and models: three years of history beside one month, 500 keys beside 50.

Real HTTP, signed in; what is measured is the CPU of the web process, so that what else runs is left out.
"""

import asyncio
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass

from bench.figures import Bounds, Figure
from bench.measures import cpu_seconds, middle
from bench.people import TEAM, Person
from bench.scale import Scale
from bench.stage import raxdash, within
from tests.installation import Installation

NAME = "Pages: usage, quota, keys and models"
PAGES = {
    "usage, 7 days": "usage/?period=7d",
    "usage, 30 days": "usage/?period=30d",
    "usage, billing period": "usage/?period=billing",
    "quota": "quota/",
    "keys": "keys/",
    "models": "models/",
}
MOST_TIMES = 1.2
# They count all keys of the team by how they are doing, or by what they are offered.
MOST_TIMES_OF = {"keys": 1.5, "models": 1.5}
MOST_FIGURE_MS = 1.0
MOST_FIGURE_BYTES = 100_000

type Times = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class World:
    """A history: so many keys, so many days."""

    name: str
    keys: int
    days: int


def measure(scale: Scale) -> list[Figure]:
    """Return each page's milliseconds of CPU beside those with less behind it, and what the figure costs."""
    month, years = World("1 month", 50, 30), World("3 years", 50, scale.of(1095, 90))
    many = World("500 keys", scale.of(500, 100), 30)
    worlds = [month, years, many]
    with ExitStack() as stack:
        installations = {world.name: stack.enter_context(raxdash()) for world in worlds}
        for world in worlds:
            build(installations[world.name], world)
        times = asyncio.run(rounds(installations, scale.of(12, 3), scale.runs))
        figure = within(installations[years.name], "figure.heaviest")
    figures = [beside(times, page, years, month, "1 month") for page in PAGES]
    figures += [beside(times, page, many, month, "50 keys") for page in PAGES]
    return [
        *figures,
        Figure("figure as JSON", figure["milliseconds"], "ms", bound=MOST_FIGURE_MS),
        Figure("figure, compressed", figure["compressed_bytes"], "bytes", bound=MOST_FIGURE_BYTES),
    ]


def build(installation: Installation, world: World, days_in_quarters: int | None = None) -> None:
    """Make the history, with the quarters of its last days or of all, a member, and start the web process."""
    within(installation, "history.build", world.keys, world.days, days_in_quarters or world.days)
    within(installation, "keys.limit")
    within(installation, "keys.offer")
    within(installation, "people.add", 1)
    installation.start_web()


async def rounds(installations: dict[str, Installation], requests: int, count: int) -> Times:
    """Return the median seconds of CPU of each (page, world): so many rounds of so many requests, in turn."""
    async with AsyncExitStack() as stack:
        people = {
            name: await stack.enter_async_context(Person(installation.url, 0))
            for name, installation in installations.items()
        }
        processes = {name: installation.processes["web"].pid for name, installation in installations.items()}
        await once(people, processes, 3)
        found = [await once(people, processes, requests) for _ in range(count)]
    return {place: middle([one[place] for one in found]) for place in found[0]}


async def once(people: dict[str, Person], processes: dict[str, int], requests: int) -> Times:
    """Return the seconds of CPU that each (page, world) takes; the worlds take turns with every request."""
    times: Times = {}
    for page, address in PAGES.items():
        before = {name: cpu_seconds(pid) for name, pid in processes.items()}
        for _ in range(requests):
            for person in people.values():
                await person.read(TEAM + address)
        for name, pid in processes.items():
            times[page, name] = (cpu_seconds(pid) - before[name]) / requests
    return times


def beside(times: Times, page: str, world: World, reference: World, words: str) -> Figure:
    """Return one page's time in one world beside that in another."""
    return Figure(
        f"{page}: {world.name}",
        times[page, world.name] * 1000,
        "ms",
        times[page, reference.name] * 1000,
        words,
        bound=MOST_TIMES_OF.get(page, MOST_TIMES),
        bounds=Bounds.RATIO,
    )
