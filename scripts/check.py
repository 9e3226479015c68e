"""Run every check and test: `make test`; `make lint` runs only those that need no database.

`make check` is for every commit: it lints, and runs the fast tests of what changed.

Each check is a program of its own; all run, and the exit code is 1 when any failed. What a check prints is
shown when it ends.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

Check = tuple[str, list[str], dict[str, str]]

ROOT = Path(__file__).resolve().parent.parent
# Production demands these; the values only have to be well formed for `check --deploy`.
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "x9Vw-only-for-the-deployment-check-2hJq8LmZr4TnYc6Kd1Bf7Gs3Pp5Xa0",
    "ENCRYPTION_KEYS": "check:" + "A" * 43 + "=",
    "ALLOWED_HOSTS": "raxdash.example.com",
    "EMAIL_URL": "smtps://user:password@mail.example.com",
}
MANAGE = [sys.executable, "-W", "error", "manage.py"]
PYTEST = [sys.executable, "-m", "pytest", "--quiet"]
# What fails while others keep two cores busy is tried once more when all is quiet. What fails then is red;
# what passes is named, for whoever mends it. More than so many have another reason.
ALONE = "--numprocesses 0 --last-failed --last-failed-no-failures none"
MOST_ALONE = 8
# What names the folder of what tests make once (tests/run_folder.py): here for both lanes.
RUN_FOLDER = "RAXDASH_TEST_RUN"
REMEMBERED = Path(".pytest_cache/lanes")


def tests(name: str, *options: str, **environment: str) -> Check:
    """Return a check that runs tests, and remembers under its name which of them failed."""
    return name, [*PYTEST, "-o", f"cache_dir={REMEMBERED / name}", *options], environment


LINT: list[Check] = [
    ("style", [sys.executable, "-m", "ruff", "check", "--quiet", "."], {}),
    ("format", [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."], {}),
    ("types", [sys.executable, "-m", "mypy", "--no-error-summary", "--no-incremental"], {}),
    ("templates", [sys.executable, "-m", "djlint", "--quiet", "--lint", "templates"], {}),
    ("Dockerfile", [str(Path(sys.executable).with_name("hadolint")), "Dockerfile"], {}),
    ("scripts and styles", [sys.executable, "scripts/biome.py", "ci"], {}),
]
STATIC_FILES: Check = ("static files", [*MANAGE, "prepare", "--static-only"], {})
# Side by side, and six at once: many tests wait for a second or a lease to pass, while the others keep two
# cores busy. The browser's are apart because Playwright's event loop and Django's ORM cannot share a process.
# In a fresh checkout one process makes the static files, and then compiles all tests, before others go on:
# meanwhile the types keep the second core busy.
LANES: list[list[Check]] = [
    [STATIC_FILES, tests("tests", "--numprocesses", "5", "-m", "not browser")],
    [
        *LINT,
        tests("browser tests", "--numprocesses", "1", "-m", "browser", FIRST_PORT="26000"),
        ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
        ("deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ],
]


# Types are checked again where something changed only: `make test` trusts no cache.
QUICK_LINT: list[Check] = [
    (name, [part for part in command if part != "--no-incremental"], settings)
    for name, command, settings in LINT
]
CHANGED: Check = ("tests of what changed", [sys.executable, "-m", "scripts.changed"], {})


def main() -> int:
    """Run the checks, say how each went, and return the exit code."""
    os.chdir(ROOT)
    # Hundreds of processes start: each would compile all that it imports.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    match sys.argv[1:]:
        case ["lint"]:
            return bool(run_all(LINT))
        case ["changed"]:
            return bool(side_by_side([[CHANGED], QUICK_LINT]))
    shutil.rmtree(REMEMBERED, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="raxdash-tests-") as shared:
        os.environ[RUN_FOLDER] = shared
        failed = side_by_side(LANES)
        return bool([check for check in failed if not passes_alone(check)])


def side_by_side(lanes: list[list[Check]]) -> list[Check]:
    """Run the checks of each lane in turn, all lanes at once; return those that failed."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        return [failed for lane in pool.map(run_all, lanes) for failed in lane]


def run_all(checks: list[Check]) -> list[Check]:
    """Run checks in turn; return those that failed."""
    return [check for check in checks if not run(*check)]


def passes_alone(check: Check) -> bool:
    """Tell whether the few tests of a lane that failed pass once nothing runs beside them."""
    name, command, environment = check
    found = REMEMBERED / name / "v/cache/lastfailed"
    if not found.exists() or not 0 < len(names := json.loads(found.read_text())) <= MOST_ALONE:
        return False
    print(f"── {name}: once more, alone: {', '.join(names)}", flush=True)
    return run(f"{name} alone", [*command, *ALONE.split()], environment)


def run(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one check and say how it went; tell whether it passed."""
    print(f"── {name} …", flush=True)
    started = time.monotonic()
    result = subprocess.run(
        command, env=os.environ | environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    word = "ok" if result.returncode == 0 else "FAILED"
    told = result.stdout.decode(errors="replace")
    # In one piece: the other lane prints too.
    print(f"{told}── {name}: {word} ({time.monotonic() - started:.0f} s)\n", end="", flush=True)
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
