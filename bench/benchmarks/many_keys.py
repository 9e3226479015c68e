"""Pages of a team with 5,000 polled keys, on SQLite and PostgreSQL. Real HTTP, signed in."""

import asyncio
import time

from bench.figures import Figure
from bench.measures import middle
from bench.people import TEAM, Person
from bench.scale import Scale
from bench.stage import on_both_databases, within
from tests.installation import Installation

NAME = "Pages: a team with 5,000 keys"
PAGES = {
    "keys": "keys/",
    "playground": "playground/",
    "usage": "usage/",
    "usage, 30 days": "usage/?period=30d",
}
MOST_MS = 300.0
MOST_KB = 200.0


def measure(scale: Scale) -> list[Figure]:
    """Return each page's milliseconds and KB on each database."""
    keys, requests = scale.of(5_000, 200), scale.of(12, 3) * scale.runs
    with on_both_databases() as installations:
        for installation in installations.values():
            build(installation, keys)
        return [
            figure
            for name, installation in installations.items()
            for figure in asyncio.run(figures(name, installation, requests))
        ]


def build(installation: Installation, keys: int) -> None:
    """Make the keys, polled, and a member; start the web process."""
    within(installation, "people.found")
    within(installation, "keys.add", keys, "http://127.0.0.1:9/v1")
    within(installation, "keys.tell")
    within(installation, "people.add", 1)
    installation.start_web()


async def figures(name: str, installation: Installation, requests: int) -> list[Figure]:
    """Read each page so many times, as one member does."""
    found = []
    async with Person(installation.url, 0) as person:
        for page, address in PAGES.items():
            milliseconds, kilobytes = await read(person, TEAM + address, requests)
            found += [
                Figure(f"{page}, {name}", milliseconds, "ms", bound=MOST_MS),
                Figure(f"{page}, {name}", kilobytes, "KB", bound=MOST_KB),
            ]
    return found


async def read(person: Person, address: str, requests: int) -> tuple[float, float]:
    """Return the median milliseconds of a page, and its size in KB before it is compressed."""
    text, times = await person.read(address), []
    for _ in range(requests):
        began = time.perf_counter()
        text = await person.read(address)
        times.append(time.perf_counter() - began)
    return middle(times) * 1000, len(text.encode()) / 1000
