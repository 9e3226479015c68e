"""A backup made under load is whole: it is restored beside what was there, every number and secret in it."""

import json
import resource
import shutil
import signal
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.installation import Installation, wait_until
from tests.installed import installed_for_alice, prepared
from tests.parts import first_of_all
from tests.playground.visitor import Visitor
from tests.run_folder import once
from tests.servers import new_database

pytestmark = pytest.mark.processes

RUNS = "SELECT count(*) FROM playground_run"
OTHER_KEYS = "other:" + "QUJD" * 10 + "QUI="


@contextmanager
def working(folder: Path, server: str) -> Iterator[Installation]:
    """An installation that polls and has run something."""
    parts = {"POLL_INTERVAL_SECONDS": "10"} | ({"DATABASE_URL": new_database(server)} if server else {})
    with installed_for_alice(folder, **parts) as raxdash:
        raxdash.start_worker()
        wait_until(lambda: raxdash.rows("SELECT 1 FROM usage_rawpoll"), lambda: f"a poll {raxdash.logs()}")
        yield raxdash


def run_prompts(raxdash: Installation, count: int) -> None:
    with Visitor(raxdash) as alice:
        for _ in range(count):
            assert alice.wait_for_end(alice.run("Write 40 words."))["state"] == "completed"


@pytest.fixture(params=first_of_all("grown up"))
def server(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "embedded" else request.getfixturevalue("postgres")


def test_a_rehearsal(tmp_path: Path, server: str) -> None:
    with working(tmp_path, server) as raxdash:
        run_prompts(raxdash, 2)
        with Visitor(raxdash) as alice:
            live = alice.run("Write 3000 words.")  # it is being written while the backup is made
            backup = Path(raxdash.manage("backup").stdout.strip())
            assert stat.S_IMODE(backup.stat().st_mode) == 0o600
            assert [path.name for path in backup.parent.iterdir()] == [backup.name]
            run_prompts(raxdash, 1)
            alice.post(f"/t/acme/playground/runs/{live}/stop/")
            alice.wait_for_end(live)
        refused = raxdash.try_manage("restore", str(backup), "--yes")
        assert refused.returncode == 1
        assert "still at work on" in refused.stderr
        assert "web, worker" in refused.stderr
        raxdash.kill("worker", signal.SIGTERM)
        raxdash.kill("web", signal.SIGKILL)
        assert raxdash.rows(RUNS) == [(4,)]
        assert_refused_with_other_keys(raxdash, backup)
        told = raxdash.manage("restore", str(backup), "--yes").stdout
        assert "The database of before is kept: " in told
        assert raxdash.rows(RUNS) == [(3,)]
        assert not list(tmp_path.glob("raxdash.sqlite3-*"))
        assert raxdash.manage("ledger", "verify").stdout.endswith("all is as it must be.\n")
        assert "Main key: " in raxdash.manage("poll").stdout
        raxdash.start_web()
        run_prompts(raxdash, 1)
        kept_before(raxdash, told)


def assert_refused_with_other_keys(raxdash: Installation, backup: Path) -> None:
    """Nothing is changed where secrets could not be opened; what follows has the keys as printed."""
    keys = raxdash.manage("encryption_keys").stdout.strip().partition("=")[2]
    assert keys.partition(":")[2] not in backup.read_bytes().decode("latin-1")
    raxdash.environment["ENCRYPTION_KEYS"] = OTHER_KEYS
    refused = raxdash.try_manage("restore", str(backup), "--yes")
    assert refused.returncode == 1
    assert "ENCRYPTION_KEYS does not fit" in refused.stderr
    assert "sealed with 'local'" in refused.stderr
    assert "Nothing was changed" in refused.stderr
    assert raxdash.rows(RUNS) == [(4,)]
    raxdash.environment["ENCRYPTION_KEYS"] = keys


def kept_before(raxdash: Installation, told: str) -> None:
    """The database of before is whole where the command said that it is."""
    name = told.split("is kept: ")[1].split()[-1]
    if raxdash.environment.get("DATABASE_URL"):
        assert raxdash.rows(f"SELECT count(*) FROM {name}.playground_run") == [(4,)]
        return
    with closing(sqlite3.connect(name)) as before:
        assert before.execute(RUNS).fetchall() == [(4,)]


@pytest.fixture
def raxdash(tmp_path: Path) -> Iterator[Installation]:
    """A database where nothing runs, with a backup of it; all of them are copies of one, backed up once."""
    with prepared(tmp_path / "data") as installation:
        backed_up = once("backed-up", lambda folder: installation.manage("backup", str(folder / "copy.zip")))
        shutil.copy(backed_up / "copy.zip", tmp_path)
        yield installation


def change(path: Path, **values: object) -> Path:
    """A copy of a backup whose manifest says something else."""
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            told = old.read(name)
            new.writestr(name, json.dumps(json.loads(told) | values) if name == "manifest.json" else told)
    return changed


def refusal(raxdash: Installation, path: Path, *options: str) -> str:
    before = (raxdash.folder / "raxdash.sqlite3").read_bytes()
    result = raxdash.try_manage("restore", str(path), *options)
    assert result.returncode == 1
    assert (raxdash.folder / "raxdash.sqlite3").read_bytes() == before
    assert "Traceback" not in result.stderr
    return result.stderr


def test_nobody_who_can_be_asked_needs_yes(raxdash: Installation, tmp_path: Path) -> None:
    assert "add --yes" in refusal(raxdash, tmp_path / "copy.zip")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"engine": "postgresql"}, "of a postgresql database, DATABASE_URL names a sqlite one"),
        ({"migrations": [["usage", "9999_new"]]}, "newer than this code (it has usage.9999_new)"),
        ({"format": 9}, "of a kind that this version does not know"),
    ],
)
def test_it_refuses_a_backup_of_something_else(
    raxdash: Installation, tmp_path: Path, values: dict[str, object], words: str
) -> None:
    assert words in refusal(raxdash, change(tmp_path / "copy.zip", **values), "--yes")


def test_it_refuses_a_damaged_backup(raxdash: Installation, tmp_path: Path) -> None:
    whole = (tmp_path / "copy.zip").read_bytes()
    half = len(whole) // 2
    for number, damaged in enumerate([b"", whole[:half], whole[:half] + b"\0" * 99 + whole[half + 99 :]]):
        path = tmp_path / f"damaged-{number}.zip"
        path.write_bytes(damaged)
        assert "is no backup of raxdash, or is damaged" in refusal(raxdash, path, "--yes")
    assert "is not there" in refusal(raxdash, tmp_path / "absent.zip", "--yes")


def test_a_backup_overwrites_nothing(raxdash: Installation, tmp_path: Path) -> None:
    result = raxdash.try_manage("backup", str(tmp_path / "copy.zip"))
    assert result.returncode == 1
    assert "is there already" in result.stderr


def test_a_full_disk_leaves_no_half_backup(raxdash: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))  # the command inherits it
    try:
        result = raxdash.try_manage("backup", str(folder))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert result.returncode == 1
    assert str(folder) in result.stderr
    assert "nothing is left of the copy" in result.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("state", ["damaged", "gone", "newer", "with a stale journal"])
def test_it_restores_where_the_database_is_lost(raxdash: Installation, tmp_path: Path, state: str) -> None:
    database = raxdash.folder / "raxdash.sqlite3"
    if state == "newer":
        raxdash.write(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('usage', '9999', '2026-01-01')"
        )
    elif state == "damaged":
        database.write_bytes(b"no database at all" * 99)
    else:
        database.unlink()
    if state == "with a stale journal":
        database.with_name("raxdash.sqlite3-wal").write_bytes(b"of another database" * 99)
    raxdash.manage("restore", str(tmp_path / "copy.zip"), "--yes")
    raxdash.manage("ledger", "verify")
    assert raxdash.rows("PRAGMA integrity_check") == [("ok",)]
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
