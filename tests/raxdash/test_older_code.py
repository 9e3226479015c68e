"""Code that is older than its database does nothing with it, whoever starts it: one line, and not 0."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from raxdash.command_line import UNASKED
from tests.installation import PATIENCE_SECONDS, Installation, wait_until
from tests.installed import prepared

pytestmark = pytest.mark.processes

MIGRATED = "INSERT INTO django_migrations (app, name, applied) VALUES ('{}', '9999_new', '2026-01-01')"
WORDS = "raxdash: the database is newer than this code (it has {}.9999_new): "
BEAT = ("-m", "celery", "--app", "raxdash", "--quiet", "beat")
NEWEST = "SELECT MAX(id) FROM django_migrations WHERE app = 'usage'"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose database newer code has migrated."""
    with prepared(tmp_path_factory.mktemp("migrated")) as installation:
        installation.write(MIGRATED.format("usage"))
        yield installation


@pytest.mark.parametrize(
    "command",
    [
        "poll",
        "migrate --no-input",
        "ledger verify",
        "ledger rebuild",
        "address",
        "rotate_keys",
        "demo",
        "prepare",
        "shell --command pass",
        "flush --no-input",
        "clearsessions",
    ],
)
def test_a_command_refuses(migrated: Installation, command: str) -> None:
    result = migrated.try_manage(*command.split())
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(WORDS.format("usage"))
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["check", "prepare --static-only", "showmigrations", "poll --help"])
def test_a_command_that_changes_no_data_goes_on(migrated: Installation, command: str) -> None:
    assert migrated.try_manage(*command.split()).returncode == 0


def test_no_command_of_ours_is_forgotten() -> None:
    ours = {path.stem for path in Path().glob("*/management/commands/*.py")} - {"__init__"}
    assert ours & UNASKED == {"build_assets", "encryption_keys", "prepare", "restore"}


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_process_does_not_begin(migrated: Installation, name: str) -> None:
    if name == "worker":
        migrated.start_worker()
    else:
        migrated.start("beat", *BEAT)
    assert migrated.processes[name].wait(timeout=PATIENCE_SECONDS) == 1
    assert migrated.log(name).startswith(WORDS.format("usage"))
    assert migrated.log(name).count("\n") == 1


def test_a_whole_app_that_is_new_counts_too(tmp_path: Path) -> None:
    with prepared(tmp_path) as raxdash:
        raxdash.write(MIGRATED.format("prompts"))
        result = raxdash.try_manage("poll")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith(WORDS.format("prompts"))


def test_a_worker_does_not_begin_before_the_database_is_migrated(tmp_path: Path) -> None:
    with prepared(tmp_path) as raxdash:
        raxdash.write(f"DELETE FROM django_migrations WHERE id = ({NEWEST})")
        raxdash.start_worker()
        assert raxdash.processes["worker"].wait(timeout=PATIENCE_SECONDS) == 1
        assert "run `./manage.py migrate`" in raxdash.log("worker")


@pytest.mark.parametrize("parts", ["embedded", pytest.param("grown up", marks=pytest.mark.chaos)])
def test_a_worker_ends_when_its_database_is_migrated(
    tmp_path: Path, request: pytest.FixtureRequest, parts: str
) -> None:
    grown_up = parts == "grown up"
    settings = {"REDIS_URL": request.getfixturevalue("redis_url")} if grown_up else {}
    with prepared(tmp_path, **settings) as raxdash:
        raxdash.start_worker("worker", *(["--pool", "prefork"] if grown_up else []))
        beats = "SELECT 1 FROM raxdash_heartbeat"
        wait_until(lambda: raxdash.rows(beats), lambda: f"a worker that works {raxdash.logs()}")
        raxdash.write(MIGRATED.format("usage"))
        assert raxdash.processes["worker"].wait(timeout=PATIENCE_SECONDS) == 1
        assert "This worker ends: the database is newer than this code" in raxdash.log("worker")
