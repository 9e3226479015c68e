"""How many keys one worker process polls in a minute, and what a poll costs it, on PostgreSQL and Redis.

A real worker, started as the Procfile does, finds all keys due at once and asks a server 50 ms away. The
rate is taken from the first question to the last answer; the worker's whole CPU counts, beat included. Beside
it stands, in turn, what a bare client spends to ask the same server.
"""

import time
from datetime import datetime
from typing import cast

import psycopg

from bench.bare_client import cpu_of_a_question
from bench.figures import Figure
from bench.measures import middle, tree_cpu_seconds
from bench.scale import Scale
from bench.stage import raxdash, start, within
from tests.installation import PASSWORD, Installation, free_port
from tests.servers import fresh_database, running_postgres, running_redis

NAME = "Polling: one worker on PostgreSQL"
LEAST_PER_MINUTE = 30_000
MOST_CPU_MS = 1.0
PATIENCE_SECONDS = 240
POLLED_SQL = """
    SELECT COUNT(*), MIN(started_at), MAX(ended_at) FROM usage_rawpoll WHERE started_at >= ? AND error = ''
"""


def measure(scale: Scale) -> list[Figure]:
    """Return the keys a minute and the CPU of a poll."""
    keys = scale.of(4_000, 400)
    with running_postgres() as server, running_redis() as redis:
        environment = {"DATABASE_URL": fresh_database(server), "REDIS_URL": redis}
        with raxdash(**environment) as installation:
            port = set_up(installation, keys)
            once(installation, keys)  # the first poll of a key asks for its models too
            rounds = [(*once(installation, keys), cpu_of_a_question(port, keys)) for _ in range(scale.runs)]
    per_minute, cpu, bare = (middle([one[place] for one in rounds]) for place in (0, 1, 2))
    return [
        Figure("keys polled and stored a minute", per_minute, bound=LEAST_PER_MINUTE, at_least=True),
        Figure("CPU of the worker a poll", cpu * 1000, "ms", bare * 1000, "bare question", MOST_CPU_MS),
    ]


def set_up(installation: Installation, keys: int) -> int:
    """Start the server, add the keys, start the worker; return the server's port."""
    port = free_port()
    start(installation, "usage_server", port, port)
    base_url = f"http://127.0.0.1:{port}/v1"
    owner = ["--email", "alice@example.com", "--password", PASSWORD, "--team", "Acme"]
    installation.manage("setup", *owner, "--key", "rax_first", "--base-url", base_url)
    within(installation, "keys.add", keys - 1, base_url)
    within(installation, "people.unlimit")
    installation.start_worker()
    return port


def once(installation: Installation, keys: int) -> tuple[float, float]:
    """Poll all keys; return keys a minute, and CPU seconds a poll."""
    worker = installation.processes["worker"].pid
    cpu, due_at = tree_cpu_seconds(worker), make_due(installation)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (done := polled(installation, due_at))[0] < keys:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{done[0]} of {keys} keys were polled: {installation.log('worker')}")
        time.sleep(0.2)
    cpu = tree_cpu_seconds(worker) - cpu
    return done[0] / done[1] * 60, cpu / done[0]


def make_due(installation: Installation) -> datetime:
    """Make every key due; return the moment. What was asked before it was due by its own time."""
    with psycopg.connect(installation.environment["DATABASE_URL"]) as connection:
        connection.execute("UPDATE usage_meter SET next_poll_at = now(), lease_until = NULL")
        [(now,)] = connection.execute("SELECT now()").fetchall()
    return cast(datetime, now)


def polled(installation: Installation, since: datetime) -> tuple[int, float]:
    """Return how many good polls began since then, and the seconds from first to last."""
    [(count, first, last)] = installation.rows(POLLED_SQL, since)
    return count, (last - first).total_seconds() if count else 0.0
