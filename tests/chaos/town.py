"""An installation with two teams that work: runs in the playground, and tokens spent elsewhere.

`embedded` is one web process on SQLite; `grown up` is two, with PostgreSQL and Redis of its own, which a
story may stop.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import redis

from tests.chaos.clock import Clock
from tests.installation import PASSWORD, Installation
from tests.installed import prepared
from tests.playground.visitor import Visitor
from tests.servers import Postgres, new_database, postgres_in, running_redis
from tests.usage.running import put

BACKENDS = ("embedded", "grown up")
EMBEDDED, GROWN_UP = BACKENDS
INTERVAL_SECONDS = 10
KEYS_PER_TEAM = 3
# Nothing in a town is refused for its number.
PLAN = "100000/1000000000000"

KEYS = "SELECT k.id FROM teams_key k JOIN teams_team t ON t.id = k.team_id WHERE t.slug = ? AND k.name LIKE ?"

type Disk = Callable[[Path], AbstractContextManager[None]]


@dataclass(frozen=True)
class Citizen:
    """One of the people: where they work."""

    email: str
    team: str


ALICE = Citizen("alice@example.com", "acme")
OLGA = Citizen("olga@example.com", "others")


class Town:
    """The processes of an installation, by name, with what it takes to start each again."""

    def __init__(self, installation: Installation, postgres: Postgres | None, redis_url: str) -> None:
        self.installation = installation
        self.postgres = postgres
        self.redis_url = redis_url
        self.secrets = {
            f"{team} {number}": f"rax_{team}_{number}"
            for team in ("acme", "others")
            for number in range(KEYS_PER_TEAM)
        }
        self.starts: dict[str, Callable[[], None]] = {
            "web": installation.start_web,
            "worker": installation.start_worker,
        }
        self.urls = [installation.url]
        if postgres:
            port = installation.second_port
            self.urls.append(f"http://127.0.0.1:{port}")
            self.starts["second web"] = lambda: installation.start_web("second web", port)
            self.starts["beat"] = self._start_beat

    @property
    def is_grown_up(self) -> bool:
        """Whether it has servers of its own."""
        return self.postgres is not None

    @property
    def disk(self) -> Path:
        """Where the database is."""
        return self.installation.folder.parent / "database"

    def start(self, environment: dict[str, str]) -> None:
        """Start the simulator, found the two teams, start everything else, with more in its environment."""
        keys = [part for secret in self.secrets.values() for part in ("--key", f"{secret}:{PLAN}")]
        state = str(self.installation.folder.parent / "simulator.jsonl")
        self.installation.start_simulator("--state", state, *keys)
        for citizen in (ALICE, OLGA):
            self._found(citizen)
        self.installation.environment |= environment
        for start in self.starts.values():
            start()

    def restart(self, name: str) -> None:
        """Start a process again that was killed."""
        self.starts[name]()

    @contextmanager
    def stopped(self, pid: int) -> Iterator[None]:
        """Let a process hang: it keeps its connections, takes new ones, and answers nothing."""
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def key_ids(self, team: str) -> list[str]:
        """Return the ids of the keys of a team that answer."""
        found = self.installation.rows(KEYS, team, f"{team} %")
        return [str(UUID(str(key))) for (key,) in found]

    def exchanges(self) -> dict[str, dict[str, Any]]:
        """Return the chat requests that the provider has seen, by their id."""
        return {
            one["id"]: one
            for one in self.installation.control("requests")
            if one["path"].endswith("/completions")
        }

    def set_pace(self, pace: dict[str, float]) -> None:
        """Let the provider write at this pace."""
        put(self.installation, "settings", {"pace": pace})

    def poll_now(self) -> None:
        """Press "Poll now" in both teams."""
        for citizen in (ALICE, OLGA):
            with Visitor(self.installation, citizen.email) as visitor:
                assert visitor.post(f"/t/{citizen.team}/usage/poll/").status_code < 400

    def redis_pid(self) -> int:
        """Return the process id of this town's Redis."""
        with redis.Redis.from_url(self.redis_url) as client:
            return int(client.info("server")["process_id"])

    def _found(self, citizen: Citizen) -> None:
        """Make a person, their team and its keys, without limits of ours."""
        self.installation.manage("setup", *self._first_key(citizen))
        others = {name: secret for name, secret in self.secrets.items() if name.startswith(citizen.team)}
        del others[f"{citizen.team} 0"]
        self.add_keys(citizen.team, others, self.installation.simulator_url)

    def add_keys(self, team: str, secrets: dict[str, str], base_url: str) -> None:
        """Give a team more keys, {name: secret}; none of its keys has limits of ours."""
        code = f"""
from teams.models import Key, Plan, Team
team = Team.objects.get(slug={team!r})
for name, secret in {secrets!r}.items():
    key = Key(team=team, name=name, base_url={base_url!r}, plan=Plan.OWN)
    key.set_secret(secret)
    key.save()
Key.objects.filter(team=team).update(
    plan=Plan.OWN, requests_per_minute=None, tokens_per_day=None, tokens_per_period=None
)
"""
        self.installation.manage("shell", "--verbosity", "0", "--command", code)

    def _first_key(self, citizen: Citizen) -> list[str]:
        name = f"{citizen.team} 0"
        return [
            *("--email", citizen.email, "--password", PASSWORD, "--team", citizen.team.title()),
            *("--key-name", name, "--key", self.secrets[name]),
        ]

    def _start_beat(self) -> None:
        self.installation.start(
            "beat",
            "-m",
            "celery",
            "--app",
            self.installation.celery_app,
            "--quiet",
            "beat",
            "--loglevel",
            "info",
        )


@contextmanager
def nothing(folder: Path) -> Iterator[None]:
    """Leave a folder as it is."""
    yield


@contextmanager
def town(kind: str, disk: Disk = nothing, clock: Clock | None = None) -> Iterator[Town]:
    """Yield a town that works already; its database is on a `disk`, its processes read a `clock`."""
    brisk = {"POLL_INTERVAL_SECONDS": str(INTERVAL_SECONDS), "DRAIN_SECONDS": "2"}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="raxdash-chaos-")))
        # PostgreSQL runs as somebody else.
        folder.chmod(0o755)
        database = folder / "database"
        database.mkdir()
        stack.enter_context(disk(database))
        postgres, redis_url, servers, data = None, "", {}, database
        if kind == GROWN_UP:
            postgres = stack.enter_context(postgres_in(database))
            redis_url = stack.enter_context(running_redis())
            servers = {"DATABASE_URL": new_database(postgres.url), "REDIS_URL": redis_url}
            data = folder / "data"
        installation = stack.enter_context(prepared(data, **brisk, **servers))
        here = Town(installation, postgres, redis_url)
        here.start(clock.environment() if clock else {})
        yield here
