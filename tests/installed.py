"""Installations that run, each on a copy of a master, which was prepared once for its backend.

Preparing is what `make run` does, migrations and all; a copy has everything that it left, at once.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from tests.installation import PASSWORD, Installation
from tests.migrated import keep, migrated
from tests.run_folder import once
from tests.servers import create_database, dump, fresh_database, load, new_database

FIRST_START = {
    "email": "alice@example.com",
    "password": PASSWORD,
    "team_name": "Acme",
    "time_zone": "UTC",
    "key_name": "Main key",
    "secret": "rax_demo_pro",
    "plan": "pro",
}


@contextmanager
def prepared(folder: Path, **environment: str) -> Iterator[Installation]:
    """Yield an installation where nothing runs yet; a database that is named is created here."""
    installation = Installation(folder, **environment)
    prepare(installation)
    try:
        yield installation
    finally:
        installation.stop()


def told_by(module: str, folder: Path, server: str = "") -> Any:
    """Return the JSON that `main` of a module prints, on a fresh SQLite or a new database of a server."""
    environment = {"DATABASE_URL": new_database(server)} if server else {}
    with prepared(folder, **environment) as raxdash:
        run = f"from {module} import main; main()"
        return json.loads(raxdash.manage("shell", "--verbosity", "0", "--command", run).stdout)


@contextmanager
def installed(folder: Path, **environment: str) -> Iterator[Installation]:
    """Yield an installation where nobody is set up yet, with its simulator and web process running."""
    with prepared(folder, **environment) as installation:
        installation.start_simulator()
        installation.start_web()
        yield installation


@contextmanager
def installed_for_alice(folder: Path, **environment: str) -> Iterator[Installation]:
    """As `installed`, with Alice, Acme and a simulated key, by the page of the first start."""
    with installed(folder, **environment) as installation:
        path = first_start(server_of(installation))
        with httpx.Client(base_url=installation.url, timeout=60, trust_env=False) as alice:
            page = alice.get(path)
            assert page.status_code == 200, page.text
            given = {
                "base_url": installation.simulator_url,
                "csrfmiddlewaretoken": alice.cookies["csrftoken"],
            }
            answer = alice.post(path, data=FIRST_START | given)
        assert answer.status_code == 302, answer.text
        yield installation


def prepare(installation: Installation) -> None:
    """Give an installation a copy of the master's folder and database."""
    original = master(server_of(installation))
    shutil.copytree(original.folder, installation.folder, dirs_exist_ok=True)
    if url := installation.environment.get("DATABASE_URL"):
        create_database(url, template=original.environment["DATABASE_URL"])


def migrated_database(server: str) -> str:
    """Create a database on a PostgreSQL server that is migrated and has no rows, and return its URL."""
    url = new_database(server)
    create_database(url, template=master(server.rpartition("/")[0]).environment["DATABASE_URL"])
    return url


def server_of(installation: Installation) -> str:
    """Return the URL of the PostgreSQL server that holds the database, or nothing for SQLite."""
    return installation.environment.get("DATABASE_URL", "").rpartition("/")[0]


@cache
def master(server: str) -> Installation:
    """Prepare an installation to copy, on a PostgreSQL server or (where none is named) on SQLite.

    Whichever process of a run needs one first prepares it; another one's server is told what came of it.
    """
    if not server:
        return Installation(once("master", prepare_in))
    folder = once("postgres-master", lambda folder: prepare_on(server, folder))
    url = fresh_database(f"{server}/")
    load(folder / "database.sql", url)
    return Installation(folder / "data", DATABASE_URL=url)


def prepare_in(folder: Path) -> None:
    """Prepare an installation on SQLite, migrated here unless a process of the run has done so."""
    database, migrated_here = folder / "raxdash.sqlite3", False

    def make(file: Path) -> None:
        nonlocal migrated_here
        Installation(folder).manage("prepare")
        with closing(sqlite3.connect(database)) as made:
            keep(made, file)
        migrated_here = True

    kept = migrated(make)
    if not migrated_here:
        shutil.copy(kept, database)
        Installation(folder).manage("prepare")


def prepare_on(server: str, folder: Path) -> None:
    """Prepare an installation on a PostgreSQL server: its data, and its database as SQL."""
    url = fresh_database(f"{server}/")
    Installation(folder / "data", DATABASE_URL=url).manage("prepare")
    dump(url, folder / "database.sql")


@cache
def first_start(server: str) -> str:
    """Return the path of the first start's page: it follows from the secret that copies have in common."""
    name = "first-start-postgres" if server else "first-start"
    return (once(name, lambda folder: write_first_start(server, folder)) / "path").read_text()


def write_first_start(server: str, folder: Path) -> None:
    """Write down the path of the first start's page."""
    installation = master(server)
    address = installation.manage("address").stdout.strip()
    (folder / "path").write_text(address.removeprefix(installation.url))


def put_key(installation: Installation, body: dict[str, object]) -> None:
    """Tell the simulator what the demo key does."""
    url = f"http://127.0.0.1:{installation.simulator_port}/control/keys/rax_demo_pro"
    httpx.put(url, json=body, timeout=10).raise_for_status()
