"""The unit files for systemd say what systemd understands, and start what the Procfile starts."""

import configparser
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.installation import ROOT

UNITS = ROOT / "deploy/systemd"
SERVICES = ("raxdash-web@8000.service", "raxdash-worker.service", "raxdash-beat.service")
DRAIN_SECONDS = 20  # in production
# Of 100: what may be done to the machine by whoever takes over the service.
MOST_EXPOSURE = 20


def analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask systemd about services whose files are in a folder, and about no other ones of that name."""
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def value(name: str, setting: str) -> str:
    """Return what a unit file of ours sets for its service."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name)
    return parser["Service"][setting]


def command(name: str) -> str:
    """Return what a service's shell becomes."""
    found = re.fullmatch(r"/bin/sh -c '(?:export PORT=%i; )?exec (.+)'", value(name, "ExecStart"))
    assert found
    return found[1].replace("$$", "$")


@pytest.fixture(scope="module")
def procfile() -> dict[str, str]:
    """The commands of the Procfile."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize("service", SERVICES)
def test_systemd_finds_nothing_wrong(service: str) -> None:
    verified = analyze(UNITS, "verify", "--man=no", "--recursive-errors=no", service)
    assert verified.returncode == 0, verified.stderr
    assert "raxdash" not in verified.stderr


def test_it_would_find_a_word_that_is_spelled_wrong(tmp_path: Path) -> None:
    text = (UNITS / "raxdash-beat.service").read_text()
    (tmp_path / "raxdash-beat.service").write_text(text.replace("TimeoutStopSec", "TimeoutStop"))
    verified = analyze(tmp_path, "verify", "--man=no", "--recursive-errors=no", "raxdash-beat.service")
    assert "'TimeoutStop'" in verified.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_they_are_hardened(service: str) -> None:
    judged = analyze(UNITS, "security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", service)
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_the_commands_are_those_of_the_procfile(procfile: dict[str, str]) -> None:
    assert command("raxdash-web@.service") == procfile["web"]
    assert command("raxdash-worker.service") == procfile["worker"].replace(" --beat", "")
    in_containers = re.search(r"command: \[(celery.* beat,.*)]", (ROOT / "compose.yaml").read_text())
    assert in_containers
    assert command("raxdash-beat.service") == ".venv/bin/" + in_containers[1].replace(",", "")


def test_live_runs_may_end_before_they_are_killed() -> None:
    assert int(value("raxdash-web@.service", "TimeoutStopSec")) > DRAIN_SECONDS + 2 + 10
