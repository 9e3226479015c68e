"""`rax` installed from a package of its own: all of it is there, without Django, and its examples work."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from rax.simulator.server import running_simulator
from rax.simulator.simulator import Simulator
from tests.installation import ROOT

BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('dist'))"
PAGES = ("docs/library.md", "rax/README.md")
# What is installed beside it must not help: Django, and the rax of this tree.
ALONE = """
import json, sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "celery", "common", "teams", "usage", "playground"}:
            raise ImportError(f"{name} is not installed")
sys.meta_path.insert(0, Hidden())
sys.path.insert(0, sys.argv[1])
import rax
assert rax.__file__.startswith(sys.argv[1]), rax.__file__
for code in json.load(sys.stdin):
    exec(compile(code, "example", "exec"), {"__name__": "__main__"})
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from a copy of the folder."""
    folder = tmp_path_factory.mktemp("distribution") / "rax"
    copytree(ROOT / "rax", folder, ignore=ignore_patterns("__pycache__"))
    built = subprocess.run(
        [sys.executable, "-P", "-c", BUILD], cwd=folder, capture_output=True, text=True, check=True
    )
    return folder / "dist" / built.stdout.split()[-1]


def test_everything_is_in_it(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "rax").rglob("*.py")}
    assert packed == modules | {"rax/py.typed"}


def test_it_needs_no_django_and_has_the_version_of_raxdash(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        name = next(name for name in packed.namelist() if name.endswith("/METADATA"))
        told = Parser().parsestr(packed.read(name).decode())
    assert told["Version"] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    needed = [line for line in told.get_all("Requires-Dist") if "extra ==" not in line]
    assert needed == ["aiohttp", "httpx", "httpx-aiohttp", "orjson"]


def test_the_examples_work_where_it_alone_is_installed(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    with running_simulator(Simulator()) as server:
        blocks = [block for page in PAGES for block in examples(page, server.port)]
        ended = subprocess.run(
            [sys.executable, "-I", "-W", "error", "-c", ALONE, str(tmp_path)],
            input=json.dumps(blocks),
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Not this key:" in ended.stdout
    assert len(blocks) >= 5


def examples(page: str, port: int) -> list[str]:
    """Return the examples of a page, asking the simulator at this port."""
    found: list[str] = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert all("127.0.0.1:8100" in block for block in found)
    return [block.replace("127.0.0.1:8100", f"127.0.0.1:{port}") for block in found]
