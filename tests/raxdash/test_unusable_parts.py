"""A database or a folder that cannot be used is told in one line, by commands, worker and web alike."""

import errno
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from raxdash.command_line import obstacle_in
from tests.forks import run
from tests.installation import Installation, free_port
from tests.installed import prepared

pytestmark = pytest.mark.processes
COMMANDS = {
    "poll": ["manage.py", "poll"],
    "prepare": ["manage.py", "prepare"],
    "migrate": ["manage.py", "migrate"],
    "worker": ["-m", "celery", "--app", "raxdash", "--quiet", "worker", "--pool", "threads"],
    "web": ["-m", "uvicorn", "raxdash.asgi:application", "--log-level", "warning"],
}

OWNER = ("--email", "alice@example.com", "--password", "a long enough password", "--team", "Acme")
OTHERS = {
    "address": ["manage.py", "address"],
    "demo": ["manage.py", "demo"],
    "setup": ["manage.py", "setup", *OWNER, "--key", "rax_demo_pro"],
}


def told(folder: Path, command: str, **settings: str) -> str:
    """Return the one line that a process says which cannot start."""
    port = ["--port", str(free_port())] if command == "web" else []
    command_line = [sys.executable, *(COMMANDS | OTHERS)[command], *port]
    result = run(command_line, Installation(folder, **settings).environment)
    assert result.returncode != 0
    lines = result.stderr.splitlines()
    # A server says behind it that it ends.
    assert len(lines) == 1 or command in {"web", "worker"}, result.stderr
    assert "Traceback" not in result.stderr, result.stderr
    assert "superuser" not in result.stderr
    (line,) = (line for line in lines if "raxdash: " in line)
    return line


@pytest.fixture
def locked_out(postgres: str) -> str:
    """The URL of a server where the user may not sign in."""
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute("DROP ROLE IF EXISTS nobody_here")
        server.execute("CREATE ROLE nobody_here NOLOGIN")
    return postgres.replace("postgres@", "nobody_here:wrong@")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_refuses_is_one_line(tmp_path: Path, locked_out: str, command: str) -> None:
    line = told(tmp_path, command, DATABASE_URL=locked_out)
    assert "the database of DATABASE_URL cannot be used: " in line
    assert "wrong" not in line


@pytest.mark.parametrize(
    "url",
    ["postgres://a:secret@127.0.0.1:1/x", "postgres://a:secret@nowhere.invalid/x", "{postgres}_missing"],
)
def test_a_database_that_is_not_there_is_one_line(tmp_path: Path, postgres: str, url: str) -> None:
    line = told(tmp_path, "poll", DATABASE_URL=url.replace("{postgres}", postgres))
    assert "the database of DATABASE_URL cannot be used: " in line
    assert "secret" not in line


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "raxdash.sqlite3").mkdir()
    assert "unable to open database file" in told(tmp_path, "prepare")


def test_a_folder_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "which cannot be used: it is not a folder" in told(tmp_path / "data", "poll")


@pytest.mark.parametrize("command", ["address", "setup"])
def test_a_folder_that_is_not_prepared_is_one_line(tmp_path: Path, command: str) -> None:
    line = told(tmp_path, command)
    assert line.startswith("raxdash: the database is not up to date (")
    assert line.endswith(" is missing): run `./manage.py migrate`")


def test_a_database_that_another_process_keeps_is_one_line(tmp_path: Path) -> None:
    with prepared(tmp_path):
        file = tmp_path / "raxdash.sqlite3"
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            line = told(tmp_path, "demo", DATABASE_URL=f"sqlite:///{file}?timeout=1")
    assert line == "raxdash: the database of DATABASE_URL cannot be used: database is locked"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_file_that_cannot_be_written_is_one_line(number: int) -> None:
    error = OSError(number, "That is so", "/data/backups")
    assert obstacle_in(error) == "/data/backups cannot be used: That is so"
    assert obstacle_in(OSError(errno.EPIPE, "Broken pipe")) == ""
