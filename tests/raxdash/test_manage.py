"""`manage.py` goes on under the project's own Python, whichever started it, and never in a circle."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import ROOT, finished

pytestmark = pytest.mark.processes
NOT_INSTALLED = "raxdash: its Python packages are not installed: run `make install`\n"
# Not that of an environment: it has no packages of ours.
BARE = os.path.realpath(sys.executable)


def run(*command: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{Path(BARE).parent}:/usr/bin:/bin", "HOME": "/", "DATA_DIR": str(folder)}
    return finished(command, environment, folder, seconds=60)


@pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="the tests run on packages from elsewhere")
@pytest.mark.parametrize("command", [(ROOT / "manage.py",), (BARE, ROOT / "manage.py")])
def test_any_python_starts_it_anywhere(tmp_path: Path, command: tuple[str | Path, ...]) -> None:
    result = run(*command, "version", folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("6.")


@pytest.mark.parametrize("own", ["none", "gone", "bare"])
def test_an_environment_that_is_missing_is_one_line(tmp_path: Path, own: str) -> None:
    shutil.copy(ROOT / "manage.py", tmp_path)
    if own != "none":
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").symlink_to(BARE if own == "bare" else tmp_path / "gone")
    result = run(BARE, "manage.py", "version", folder=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", NOT_INSTALLED)


def test_a_command_of_django_s_that_makes_no_sense_here_names_ours(tmp_path: Path) -> None:
    result = run(sys.executable, ROOT / "manage.py", "createsuperuser", folder=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert "./manage.py setup makes an owner" in result.stderr
    assert len(result.stderr.splitlines()) == 1
