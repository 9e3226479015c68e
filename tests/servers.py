"""Real PostgreSQL and Redis on private ports, with data of their own, for as long as a test run lasts.

PostgreSQL refuses to run as root, so there it runs as the user its package made (or `nobody`).
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import redis

from tests.installation import free_port, wait_until

UNPRIVILEGED = ("postgres", "nobody")
# So many ports are tried: somebody else may take one before the server does.
ATTEMPTS = 3


def postgres_folder() -> Path:
    """Return the folder of initdb and postgres: on PATH, or in the distribution's versioned place."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    candidates = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders = sorted((folder for folder in candidates if (folder / "initdb").exists()), key=version)
    assert folders, "PostgreSQL's server is not installed: run scripts/install_test_parts.sh"
    return folders[-1]


def version(folder: Path) -> int:
    """Return the major version in a path such as /usr/lib/postgresql/17/bin."""
    digits = "".join(character for character in folder.parent.name if character.isdigit())
    return int(digits or 0)


def unprivileged() -> dict[str, Any]:
    """Return how to start a process as somebody who is not root."""
    if os.getuid() != 0:
        return {}
    known = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam(next(name for name in UNPRIVILEGED if name in known))
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Postgres:
    """A PostgreSQL of its own in a folder; it may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._binaries, self._who = postgres_folder(), unprivileged()
        self._data, self._port = folder / "data", free_port()
        self._quiet: dict[str, Any] = {
            "cwd": folder,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            **self._who,
        }
        self.url = f"postgres://postgres@127.0.0.1:{self._port}/postgres"
        if self._who:
            os.chown(folder, self._who["user"], self._who["group"])
        initdb: list[str | Path] = [self._binaries / "initdb", "-D", self._data, "-U", "postgres"]
        subprocess.run([*initdb, "-A", "trust", "-E", "UTF8", "--no-sync"], check=True, **self._quiet)
        self.start()

    def start(self) -> None:
        """Serve, and wait until connections are taken."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": 200,
        }
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        command: list[str | Path] = [self._binaries / "postgres", "-D", self._data, *settings]
        self._server = subprocess.Popen(command, **self._quiet)
        wait_until(lambda: postgres_answers(self.url), "PostgreSQL")

    def revive(self) -> None:
        """Start it again where it has ended, as a service manager does."""
        if self._server.poll() is not None:
            self.start()

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it: SIGINT cuts connections, SIGTERM would wait for every client to leave."""
        self._server.send_signal(how)
        self._server.wait(timeout=30)


@contextmanager
def postgres_in(folder: Path) -> Iterator[Postgres]:
    """Yield a fresh PostgreSQL that a test may stop, with its data in a folder that is empty."""
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the URL of a fresh PostgreSQL, `postgres://…/postgres`."""
    with tempfile.TemporaryDirectory(prefix="raxdash-postgres-") as name, postgres_in(Path(name)) as server:
        yield server.url


def new_database(server: str) -> str:
    """Return the URL of a database that is still to be created on the server."""
    return server.rpartition("/")[0] + f"/raxdash_{uuid4().hex[:12]}"


def fresh_database(server: str) -> str:
    """Create an empty database on the server and return its URL."""
    url = new_database(server)
    create_database(url)
    return url


def create_database(url: str, template: str = "template1") -> None:
    """Create the database of this URL, as a copy of another one on its server that nobody uses now."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template.rpartition('/')[2]}")


def dump(url: str, file: Path) -> None:
    """Write down a database."""
    subprocess.run([postgres_folder() / "pg_dump", "--file", file, url], check=True)


def load(file: Path, url: str) -> None:
    """Make a database what was written down, in an empty one."""
    options = ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--output", os.devnull]
    subprocess.run([postgres_folder() / "psql", *options, "--file", file, url], check=True)


def postgres_answers(url: str) -> bool:
    """Tell whether PostgreSQL takes connections."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def running_redis(port: int | None = None) -> Iterator[str]:
    """Yield the URL of a fresh Redis that keeps nothing on disk; on a port of its own unless one is given."""
    with tempfile.TemporaryDirectory(prefix="raxdash-redis-") as folder:
        server, url = started_redis(Path(folder), port)
        try:
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def started_redis(folder: Path, port: int | None) -> tuple[subprocess.Popen[bytes], str]:
    """Return a Redis that answers, and its URL."""
    for _ in range(1 if port else ATTEMPTS):
        server, url = start_redis(folder, port or free_port())
        if server.poll() is None:
            return server, url
    raise AssertionError("Redis ended at once, on every port.")


def start_redis(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """Start a Redis, and wait until it answers or has ended: somebody may have taken its port meanwhile."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    wait_until(lambda: server.poll() is not None or redis_answers(url), "Redis")
    return server, url


def redis_answers(url: str) -> bool:
    """Tell whether Redis answers."""
    with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
