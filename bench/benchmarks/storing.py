"""Polls folded and stored on SQLite: by one process, by eight at once, and over absurd dates."""

import subprocess
import sys

import orjson

from bench.figures import Figure
from bench.measures import middle
from bench.scale import Scale
from bench.stage import raxdash, within
from tests.installation import ROOT, Installation

NAME = "Storing: polls on SQLite"
LEAST_PER_SECOND = 1_000
MOST_CPU_MS = 1.0
WRITERS = 8
MOST_LOCK_MS = 100


def measure(scale: Scale) -> list[Figure]:
    """Return polls a second, the CPU of one, and what eight writers were refused."""
    found = [fold(scale.of(500, 100), scale.of(21, 6)) for _ in range(scale.runs)]
    together = eight_writers(scale.of(10, 2))
    per_second = middle([one["polls"] / one["seconds"] for one in found])
    cpu = middle([one["cpu_seconds"] / one["polls"] for one in found])
    locks = [hold(scale.of(20, 2)) for _ in range(scale.runs)]
    return [
        Figure("polls folded and stored a second", per_second, bound=LEAST_PER_SECOND, at_least=True),
        Figure("CPU of folding and storing a poll", cpu * 1000, "ms", bound=MOST_CPU_MS),
        Figure(f"“database is locked”, {WRITERS} writers", sum(one["refused"] for one in together), bound=0),
        Figure(f"polls stored by {WRITERS} writers", sum(one["stored"] for one in together)),
        Figure("write lock of one poll, whatever it says", middle(locks), "ms", bound=MOST_LOCK_MS),
    ]


def fold(meters: int, rounds: int) -> dict[str, float]:
    """Store rounds of polls in a database of their own."""
    with raxdash() as installation:
        add_meters(installation, meters)
        found: dict[str, float] = within(installation, "storing.fold", rounds)
        return found


def eight_writers(seconds: int) -> list[dict[str, int]]:
    """Let eight processes store for so long into one database; return what each says."""
    with raxdash() as installation:
        add_meters(installation, 20 * WRITERS)
        command = [sys.executable, "-m", "bench.within", "storing.write"]
        writers = [
            subprocess.Popen(
                [*command, str(place), str(WRITERS), str(seconds)],
                cwd=ROOT,
                env=installation.environment,
                stdout=subprocess.PIPE,
            )
            for place in range(WRITERS)
        ]
        return [orjson.loads(writer.communicate()[0]) for writer in writers]


def hold(meters: int) -> float:
    """Store absurd answers to so many meters one by one; return the longest median time of a kind, in ms."""
    with raxdash() as installation:
        add_meters(installation, meters)
        found: dict[str, float] = within(installation, "storing.hold")
        return max(found.values())


def add_meters(installation: Installation, count: int) -> None:
    """Make a team with an owner, and so many keys with meters; nobody will be asked."""
    within(installation, "people.found")
    within(installation, "keys.add", count, "http://127.0.0.1:9/v1")
