"""The history's search at 100,000 runs, on SQLite and PostgreSQL. Real HTTP, signed in: the whole page."""

import asyncio
import time
from urllib.parse import urlencode

from bench.figures import Figure
from bench.measures import percentile
from bench.people import TEAM, Person
from bench.scale import Scale
from bench.stage import on_both_databases, within
from tests.installation import Installation

NAME = "Search: a history of 100,000 runs"
# The words of bench/within/searched.py: w0 is in nearly every run, each next one in fewer.
QUESTIONS = {
    "a word of nearly every run": {"q": "w0"},
    "three common words": {"q": "w0 w1 w2"},
    "two common words, never together": {"q": "even odd"},
    "a rare word": {"q": "w4000"},
    "a word that nothing has": {"q": "nowhere"},
    "a common phrase": {"q": '"w0 w1"'},
    "common words that never stand together": {"q": '"even w0 odd"'},
    "without a common word": {"q": "-w1"},
    "a common word without a common phrase": {"q": 'w0 -"w1 w0"'},
    "a part of a name": {"q": "username"},
    "two Chinese characters": {"q": "数据"},
    "a common word of a rare model": {"q": "w0", "model": "rax-rare"},
    "a model and a state": {"model": "rax-4.0", "state": "failed"},
    "a week of long ago": {"q": "w0", "start": "2026-01-05", "end": "2026-01-11"},
    "the whole list": {},
}
MOST_MS = 200.0


def measure(scale: Scale) -> list[Figure]:
    """Return what each question takes on each database."""
    with on_both_databases() as installations:
        for installation in installations.values():
            build(installation, scale.of(100_000, 2_000))
        return [
            Figure(f"{question}, {name}", milliseconds, "ms", bound=MOST_MS)
            for name, installation in installations.items()
            for question, milliseconds in asyncio.run(read(installation, scale.of(8, 3) * scale.runs)).items()
        ]


def build(installation: Installation, runs: int) -> None:
    """Make the runs and a member; start the web process."""
    within(installation, "people.found")
    within(installation, "people.add", 1)
    within(installation, "searched.build", runs)
    installation.start_web()


async def read(installation: Installation, requests: int) -> dict[str, float]:
    """Return the 95th percentile of each question's milliseconds, as one member reads the page."""
    found = {}
    async with Person(installation.url, 0) as person:
        for question, query in QUESTIONS.items():
            address = f"{TEAM}playground/runs/?{urlencode(query)}"
            await person.read(address)
            times = []
            for _ in range(requests):
                began = time.perf_counter()
                await person.read(address)
                times.append(time.perf_counter() - began)
            found[question] = percentile(times, 0.95) * 1000
    return found
