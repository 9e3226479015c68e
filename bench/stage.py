"""The stage of a benchmark: an installation with its real processes, the paced upstream, the bare relay."""

import asyncio
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from bench.followers import Followed, follow, get
from bench.paced import Order
from bench.people import Person, Started, people_for
from tests.installation import PASSWORD, ROOT, Installation, free_port, wait_until
from tests.servers import fresh_database, running_postgres


class Stage:
    """What is played on: ports and process ids, and the upstream's control."""

    def __init__(self, installation: Installation, upstream_port: int, relay_port: int) -> None:
        self.installation = installation
        self.upstream_port = upstream_port
        self.relay_port = relay_port

    def pid(self, name: str) -> int:
        """Return the process id of `web`, `relay`, `upstream`, …"""
        return self.installation.processes[name].pid

    def open_gate(self, gate: str, at: float | None = None, gap: float = 0.0) -> None:
        """Let the upstream's runs of a gate begin: now, or at a time of the steady clock."""
        self._ask("open", {"gate": gate, "at": time.monotonic() if at is None else at, "gap": gap})

    def stats(self) -> dict[str, Any]:
        """Return what the upstream counts."""
        found: dict[str, Any] = self._ask("stats")
        return found

    async def until_waiting(self, count: int) -> None:
        """Wait until so many runs stand before a closed gate."""
        async with asyncio.timeout(60):
            await self.until("waiting", count)

    async def until(self, counter: str, count: int) -> None:
        """Wait until one of the upstream's counters has come so far."""
        while self.stats()[counter] < count:  # noqa: ASYNC110  it happens in another process
            await asyncio.sleep(0.02)

    async def follow_runs(self, started: list[tuple[Person, Started]]) -> list[Followed]:
        """Begin to follow runs as the people do who started them."""
        port = self.installation.port
        return [await follow(port, get(port, run.stream, who.cookie_header)) for who, run in started]

    async def follow_relay(self, orders: list[Order]) -> list[Followed]:
        """Begin to follow the same through the bare relay."""
        port = self.relay_port
        return [await follow(port, get(port, f"/{quote(order.model)}")) for order in orders]

    def _ask(self, path: str, content: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.upstream_port}/{path}")
        request.data = orjson.dumps(content) if content is not None else None
        with urllib.request.urlopen(request, timeout=10) as answer:
            return orjson.loads(answer.read())


@contextmanager
def raxdash(**environment: str) -> Iterator[Installation]:
    """Yield a migrated installation of its own where nothing runs yet; at the end everything is stopped."""
    with tempfile.TemporaryDirectory(prefix="raxdash-bench-") as folder:
        installation = Installation(Path(folder), **environment)
        try:
            installation.manage("migrate", "--verbosity", "0")
            yield installation
        finally:
            installation.stop()


@contextmanager
def on_both_databases() -> Iterator[dict[str, Installation]]:
    """Yield such an installation on SQLite, and one on PostgreSQL, by the names of the databases."""
    with (
        running_postgres() as server,
        raxdash() as light,
        raxdash(DATABASE_URL=fresh_database(server)) as heavy,
    ):
        yield {"SQLite": light, "PostgreSQL": heavy}


@contextmanager
def streaming(runs: int, **environment: str) -> Iterator[Stage]:
    """Yield a stage with a web process, the upstream as its API, and teams of members for so many runs."""
    with raxdash(**environment) as installation:
        stage = Stage(installation, free_port(), free_port())
        start(installation, "upstream", stage.upstream_port, stage.upstream_port)
        start(installation, "relay", stage.relay_port, stage.relay_port, stage.upstream_port)
        base_url = f"http://127.0.0.1:{stage.upstream_port}/v1"
        owner = ["--email", "alice@example.com", "--password", PASSWORD, "--team", "Acme"]
        installation.manage("setup", *owner, "--key", "rax_paced", "--base-url", base_url)
        within(installation, "people.add", people_for(runs))
        within(installation, "people.unlimit")
        installation.start_web()
        yield stage


def start(installation: Installation, name: str, port: int, *arguments: int) -> None:
    """Start a server of ours and wait until it listens."""
    installation.start(name, "-m", f"bench.{name}", *map(str, arguments))
    wait_until(lambda: installation.listens(port), f"{name}: {installation.log(name)}")


def within(installation: Installation, *what: object) -> Any:
    """Run `bench.within` in the installation's environment and return what it found."""
    command = [sys.executable, "-m", "bench.within", *map(str, what)]
    result = subprocess.run(
        command, cwd=ROOT, env=installation.environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(f"{' '.join(map(str, what))}: {result.stderr}")
    return orjson.loads(result.stdout)


@asynccontextmanager
async def signed_in(stage: Stage, runs: int) -> AsyncIterator[list[Person]]:
    """Yield signed-in members for so many runs."""
    async with AsyncExitStack() as stack:
        people = [Person(stage.installation.url, number) for number in range(people_for(runs))]
        yield [await stack.enter_async_context(person) for person in people]
