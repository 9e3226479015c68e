"""A small product with its tests, under git."""

import subprocess
from pathlib import Path

import pytest

from scripts.related import ALWAYS

FILES = {
    "usage/__init__.py": "",
    "usage/ledger/__init__.py": "from usage.ledger.fold import whole",
    "usage/ledger/fold.py": "def whole(): ...",
    "usage/ledger/_grid.py": "",
    "usage/pages.py": "PAGE = 'usage/page.html'",
    "templates/usage/page.html": "",
    "tests/__init__.py": "",
    "tests/cast.py": "",
    "tests/usage/ledger/test_grid_edges.py": "",
    "tests/usage/ledger/test_rules.py": "import usage.ledger._grid",
    "tests/usage/test_pages.py": "from tests import cast",
    "tests/usage/test_package.py": "from usage.ledger import whole",
    "tests/usage/test_relative.py": "from ..cast import Cast",
    **dict.fromkeys(ALWAYS, ""),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small product with its tests, under git on `main`."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    return tmp_path


def git(tree: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Alice", "-c", "user.email=alice@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=tree, check=True)


def commit(tree: Path, *names: str) -> None:
    """Write files and commit everything."""
    for name in names:
        (tree / name).write_text("changed = True")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--allow-empty", "--message", "tests: Change something.")
