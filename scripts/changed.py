"""Run the fast tests of what changed: a part of `make check`.

Changed is what git sees since `main`, committed or not. On main itself it is what is not committed, or else
the newest commit.
"""

import subprocess
import sys
from pathlib import Path

from scripts.related import tests_of

ROOT = Path(__file__).resolve().parent.parent
MOST_FILES = 30  # of tests: they take less than a minute
SLOW = ("browser", "processes")
NO_TESTS_COLLECTED = 5


def main() -> int:
    """Run the tests and return the exit code."""
    changes = changed_files(ROOT)
    tests = tests_of(changes, ROOT)
    if not tests:
        print("Nothing changed.")
        return 0
    chosen, left_out = tests[:MOST_FILES], tests[MOST_FILES:]
    print(f"{len(changes)} files changed; their tests: {' '.join(chosen)}")
    if left_out:
        print(f"{len(left_out)} more are left to `make test`: {' '.join(left_out)}")
    code = subprocess.run([*pytest(len(chosen)), *chosen], cwd=ROOT, check=False).returncode
    return 0 if code == NO_TESTS_COLLECTED else code


def pytest(files: int) -> list[str]:
    """Return the command that runs so many files: another process costs more than a few of them."""
    without_slow = " and ".join(f"not {mark}" for mark in SLOW)
    processes = ["--numprocesses", "2"] if files > 5 else []
    return [sys.executable, "-m", "pytest", "--quiet", "-m", without_slow, *processes]


def changed_files(root: Path) -> list[str]:
    """Return the paths that changed, those of deleted files among them."""
    tracked = git(root, "diff", "--name-only", "--no-renames", "-z", base(root)).split("\0")
    new = git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    # A link to a folder, as `node_modules` may be, is no file of ours.
    return sorted({*filter(None, tracked), *(path for path in new if (root / path).is_file())})


def base(root: Path) -> str:
    """Return the commit to compare with."""
    here = git(root, "rev-parse", "HEAD")
    forks = (git(root, "merge-base", name, "HEAD") for name in ("main", "origin/main"))
    fork = next(filter(None, forks), here)
    if fork != here:
        return fork
    is_clean = not git(root, "status", "--porcelain", "--untracked-files=no")
    return git(root, "rev-parse", "--verify", "--quiet", "HEAD~1") if is_clean else here


def git(root: Path, *arguments: str) -> str:
    """Return what git prints, or nothing where it fails."""
    return subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
    ).stdout.strip("\n")


if __name__ == "__main__":
    sys.exit(main())
