"""Run every check and test: `make test`; `make lint` runs only those that need no database.

Each check is a program of its own; all run, and the exit code is 1 when any failed.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

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
PYTEST = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses", "2"]
LINT: list[tuple[str, list[str], dict[str, str]]] = [
    ("style", [sys.executable, "-m", "ruff", "check", "--quiet", "."], {}),
    ("format", [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."], {}),
    ("types", [sys.executable, "-m", "mypy", "--no-error-summary", "--no-incremental"], {}),
    ("templates", [sys.executable, "-m", "djlint", "--quiet", "--lint", "templates"], {}),
]
TESTS: list[tuple[str, list[str], dict[str, str]]] = [
    ("static files", [*MANAGE, "prepare", "--static-only"], {}),
    ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
    ("deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("tests", [*PYTEST, "-m", "not browser"], {}),
    # Apart: Playwright's event loop and Django's ORM cannot share a process.
    ("browser tests", [*PYTEST, "-m", "browser"], {}),
]


def main() -> int:
    """Run the checks in turn, say how each went, and return the exit code."""
    os.chdir(ROOT)
    checks = LINT if sys.argv[1:] == ["lint"] else LINT + TESTS
    return max([run(*check) for check in checks])


def run(name: str, command: list[str], environment: dict[str, str]) -> int:
    """Run one check; return 0 or 1."""
    print(f"── {name}", flush=True)
    started = time.monotonic()
    result = subprocess.run(command, env=os.environ | environment, check=False)
    word = "ok" if result.returncode == 0 else "FAILED"
    print(f"── {name}: {word} ({time.monotonic() - started:.0f} s)", flush=True)
    return min(result.returncode, 1)


if __name__ == "__main__":
    sys.exit(main())
