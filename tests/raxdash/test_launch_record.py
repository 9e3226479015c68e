"""A command in another shell sees what `make run` sees, as long as that runs, and nobody else's."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from raxdash.command_line import CommandLine
from raxdash.launch_record import LINKS, LOCK, RECORD, adopt

PORT = {"PORT": "24800"}


@contextmanager
def running(folder: Path, *withheld: str, port: str = "24800") -> Iterator[Path]:
    """Hold a folder as `make run` does, with what it writes down."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {"settings": {"PORT": port, "DATA_DIR": str(folder)}, "withheld": withheld}
    (folder / RECORD).write_text(json.dumps(record))
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def seen(root: Path, **environment: str) -> dict[str, str]:
    """Return the environment of a command once it has seen what runs."""
    adopt(environment, root)
    return environment


def link(root: Path, folder: Path) -> None:
    """Say that the checkout was started on a folder elsewhere."""
    links = root / "var" / LINKS
    links.mkdir(parents=True, exist_ok=True)
    (links / folder.name).symlink_to(folder)


def test_it_sets_what_the_environment_does_not(tmp_path: Path) -> None:
    with running(tmp_path / "var") as folder:
        assert seen(tmp_path) == {"PORT": "24800", "DATA_DIR": str(folder)}
        assert seen(tmp_path, PORT="9000", DATA_DIR=str(folder))["PORT"] == "9000"
        assert seen(tmp_path, PORT=" ")["PORT"] == "24800"


def test_what_has_ended_counts_no_more(tmp_path: Path) -> None:
    with running(tmp_path / "var"):
        pass
    assert seen(tmp_path) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_what_somebody_else_wrote_counts_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "elsewhere") as folder:
        link(tmp_path, folder)
        os.chown(folder / RECORD, 4_321, 4_321)
        assert seen(tmp_path) == {}
        os.chown(tmp_path, 4_321, 4_321)  # it is their checkout, too
        assert seen(tmp_path)["PORT"] == "24800"


def test_production_reads_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "var"):
        assert seen(tmp_path, ENVIRONMENT="production") == {"ENVIRONMENT": "production"}


def test_another_folder_is_another_installation(tmp_path: Path) -> None:
    with running(tmp_path / "var"), running(tmp_path / "second", port="24900"):
        assert seen(tmp_path, DATA_DIR=str(tmp_path / "second"))["PORT"] == "24900"
        assert seen(tmp_path, DATA_DIR=str(tmp_path / "third")) == {"DATA_DIR": str(tmp_path / "third")}


def test_the_demo_is_found_unless_the_own_installation_runs(tmp_path: Path) -> None:
    with running(tmp_path / "var" / "demo", port="24900"):
        assert seen(tmp_path)["PORT"] == "24900"
        with running(tmp_path / "var"):
            assert seen(tmp_path)["PORT"] == "24800"


def test_a_folder_elsewhere_is_found_where_it_is_the_only_one(tmp_path: Path) -> None:
    link(tmp_path, tmp_path / "first")
    link(tmp_path, tmp_path / "second")
    with running(tmp_path / "first") as first:
        assert seen(tmp_path)["DATA_DIR"] == str(first)
        with running(tmp_path / "second"):
            assert seen(tmp_path) == {}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"settings": 1, "withheld": []}', '{"settings": {}}', "\xff"]
)
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    with running(tmp_path / "var") as folder:
        (folder / RECORD).write_text(text, encoding="latin-1")
        assert seen(tmp_path) == {}


def test_what_was_not_written_down_is_asked_for_before_a_command_works(tmp_path: Path) -> None:
    with running(tmp_path / "var", "DATABASE_URL", "SECRET_KEY"):
        withheld = adopt({"SECRET_KEY": "said"}, tmp_path)
    assert withheld == ["DATABASE_URL"]
    with pytest.raises(
        SystemExit, match=r"^raxdash: what runs has DATABASE_URL, .*: set the same in this shell$"
    ):
        CommandLine(["manage.py", "poll"], withheld).execute()
