"""Web and worker in one container: they start together, end together, and what they say goes out as it is."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import PATIENCE_SECONDS, ROOT, Installation, free_port, wait_until

pytestmark = pytest.mark.processes
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 60,
    "ENCRYPTION_KEYS": "first:" + "A" * 43 + "=",
    "ALLOWED_HOSTS": "127.0.0.1",
    "EMAIL_URL": "console://",
    "LOG_FORMAT": "json",
    "LOG_LEVEL": "INFO",
    "DRAIN_SECONDS": "1",
}
# Says how often it was told within the time that the hasty one takes to end.
TOLD_ONCE = """
import signal, time
told = []
signal.signal(signal.SIGTERM, lambda *_: told.append(1))
print('ready', flush=True)
while not told: time.sleep(0.05)
time.sleep(2)
print(len(told), flush=True)
"""


def serve(commands: list[str], patience_seconds: float = 60) -> subprocess.Popen[str]:
    """Run the commands as `scripts.serve` does, in a process of its own."""
    code = f"import sys; from scripts.serve import run; sys.exit(run({commands!r}, {patience_seconds}))"
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def code_of(commands: list[str], patience_seconds: float = 60) -> int:
    with serve(commands, patience_seconds) as parent:
        return parent.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize(("command", "code"), [("sh -c 'exit 3'", 3), ("true", 1)])
def test_when_one_ends_the_other_is_ended_and_nobody_takes_it_for_well(command: str, code: int) -> None:
    assert code_of(["sleep 600", command]) == code


def test_who_does_not_end_is_killed() -> None:
    stubborn = "sh -c 'trap : TERM; while :; do sleep 1; done'"
    assert code_of([stubborn, "sleep 1"], patience_seconds=1) == 1


def test_told_to_stop_it_lets_both_finish_and_tells_neither_twice() -> None:
    slow = "sh -c 'trap \"sleep 2; echo done; exit 0\" TERM; echo ready; while :; do sleep 0.1; done'"
    hasty = "sh -c 'trap \"exit 0\" TERM; echo ready; while :; do sleep 0.1; done'"
    impatient = f'{sys.executable} -c "{TOLD_ONCE}"'
    with serve([slow, hasty, impatient]) as parent:
        assert [parent.stdout.readline() for _ in range(3)] == ["ready\n"] * 3
        parent.send_signal(signal.SIGTERM)
        assert sorted(parent.stdout.read().split()) == ["1", "done"]
    assert parent.returncode == 0


def test_a_team_is_served_from_an_empty_folder(tmp_path: Path) -> None:
    port = free_port()
    environment = Installation(tmp_path, **PRODUCTION).environment | {"PORT": str(port)}
    with (tmp_path / "log").open("wb") as log:
        parent = subprocess.Popen(
            [sys.executable, "-m", "scripts.serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_until(
            lambda: Installation.answers(f"http://127.0.0.1:{port}/readyz"), (tmp_path / "log").read_text
        )
    finally:
        parent.terminate()
        code = parent.wait(PATIENCE_SECONDS)
    assert code == 0, (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()
