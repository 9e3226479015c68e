"""A database or a folder that cannot be used is told in one line, by commands, worker and web alike."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.installation import ROOT, Installation, free_port

pytestmark = pytest.mark.processes
COMMANDS = {
    "poll": ["manage.py", "poll"],
    "prepare": ["manage.py", "prepare"],
    "migrate": ["manage.py", "migrate"],
    "worker": ["-m", "celery", "--app", "raxdash", "--quiet", "worker", "--pool", "threads"],
    "web": ["-m", "uvicorn", "raxdash.asgi:application", "--log-level", "warning"],
}


def told(folder: Path, command: str, **settings: str) -> str:
    """Return what a process says that cannot start, without a warning of Celery's about root."""
    result = subprocess.run(
        [sys.executable, *COMMANDS[command], *(["--port", str(free_port())] if command == "web" else [])],
        cwd=ROOT,
        env=Installation(folder, **settings).environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode != 0
    assert "Traceback" not in result.stderr, result.stderr
    lines = [line for line in result.stderr.splitlines() if "raxdash: " in line]
    assert len(lines) == 1, result.stderr
    return lines[0]


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
