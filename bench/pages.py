"""Pages of the usage: three years of history beside one month, 500 keys beside 50. Real HTTP, signed in."""

import asyncio
import time
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass

from bench.figures import Bounds, Figure
from bench.measures import middle
from bench.people import TEAM, Person
from bench.scale import Scale
from bench.stage import raxdash, within
from tests.installation import Installation

NAME = "Pages: usage and quota"
PAGES = {
    "usage, 7 days": "usage/?period=7d",
    "usage, 30 days": "usage/?period=30d",
    "usage, billing period": "usage/?period=billing",
    "quota": "quota/",
}
MOST_TIMES = 1.2
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
    """Return each page's milliseconds beside those with less behind it, and what the figure costs."""
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
    within(installation, "people.add", 1)
    installation.start_web()


async def rounds(installations: dict[str, Installation], requests: int, count: int) -> Times:
    """Return the median seconds of each (page, world): so many rounds of so many requests, in turn."""
    async with AsyncExitStack() as stack:
        people = {
            name: await stack.enter_async_context(Person(installation.url, 0))
            for name, installation in installations.items()
        }
        await once(people, 3)
        found = [await once(people, requests) for _ in range(count)]
    return {place: middle([one[place] for one in found]) for place in found[0]}


async def once(people: dict[str, Person], requests: int) -> Times:
    """Return the median seconds of each (page, world); the worlds take turns with every request."""
    times: dict[tuple[str, str], list[float]] = {(page, name): [] for page in PAGES for name in people}
    for page, address in PAGES.items():
        for _ in range(requests):
            for name, person in people.items():
                began = time.perf_counter()
                await person.read(TEAM + address)
                times[page, name].append(time.perf_counter() - began)
    return {place: middle(seconds) for place, seconds in times.items()}


def beside(times: Times, page: str, world: World, reference: World, words: str) -> Figure:
    """Return one page's time in one world beside that in another."""
    return Figure(
        f"{page}: {world.name}",
        times[page, world.name] * 1000,
        "ms",
        times[page, reference.name] * 1000,
        words,
        bound=MOST_TIMES,
        bounds=Bounds.RATIO,
    )
