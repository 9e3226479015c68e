"""What many open streams hold of the database: PostgreSQL's connections, SQLite's open file."""

import asyncio
from collections.abc import Callable

import psycopg

from bench.benchmarks.first_token import orders
from bench.figures import Figure
from bench.followers import all_over
from bench.measures import open_files
from bench.people import run_all
from bench.scale import Scale
from bench.stage import Stage, signed_in, streaming
from tests.servers import fresh_database, running_postgres

NAME = "Streaming: database connections"
MOST_CONNECTIONS = 10
COUNT_SQL = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def measure(scale: Scale) -> list[Figure]:
    """Return the most connections seen while the streams flow. A count needs no five runs."""
    streams = scale.of(200, 20)
    with running_postgres() as server:
        url = fresh_database(server)
        with streaming(streams, DATABASE_URL=url) as stage, psycopg.connect(url) as watching:
            postgres = asyncio.run(most(stage, streams, lambda: count(watching)))
    with streaming(streams) as stage:
        database = stage.installation.folder.resolve() / "raxdash.sqlite3"
        web = stage.pid("web")
        sqlite = asyncio.run(most(stage, streams, lambda: open_files(web, database)))
    return [
        Figure(f"PostgreSQL, {streams} streams", postgres, bound=MOST_CONNECTIONS),
        Figure(f"SQLite, {streams} streams", sqlite, bound=MOST_CONNECTIONS),
    ]


def count(watching: psycopg.Connection) -> int:
    """Return the connections to the database, without the one that asks."""
    watching.rollback()  # the view is a snapshot of the transaction's begin
    row = watching.execute(COUNT_SQL).fetchone()
    return int(row[0]) if row else 0


async def most(stage: Stage, streams: int, now: Callable[[], int]) -> int:
    """Return the highest count, from opening the streams until all are over."""
    wished, seen = orders("connections", streams), 0
    async with signed_in(stage, streams) as people:
        started = await run_all(people, [order.model for order in wished])
        await stage.until_waiting(streams)
        followed = await stage.follow_runs(started)
        over = asyncio.create_task(all_over(followed, seconds=60))
        stage.open_gate("connections")
        while not over.done():
            seen = max(seen, now())
            await asyncio.sleep(0.1)
        await over
    return seen
