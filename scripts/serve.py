"""Serve a small team from one container: `python -m scripts.serve` runs web, and a worker with its beat.

The database is brought up to date first. When one of the processes ends all do, and whoever keeps the
container running starts it again. What they write goes out as it is, unlike that of `make run`.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from honcho import environ

ROOT = Path(__file__).resolve().parent.parent
# What it takes, behind the drain, to store what is left and to close.
PATIENCE_SECONDS = 15


def main() -> int:
    """Return the exit code: 0 where it was told to stop."""
    os.chdir(ROOT)
    prepared = subprocess.run([sys.executable, "manage.py", "prepare"], check=False)
    if prepared.returncode:
        return prepared.returncode
    lines = environ.parse_procfile((ROOT / "Procfile").read_text()).processes
    drain_seconds = int(os.environ.get("DRAIN_SECONDS", "").strip() or "20")
    return run(
        [line for name, line in lines.items() if name != "simulator"], drain_seconds + PATIENCE_SECONDS
    )


def run(commands: list[str], patience_seconds: float) -> int:
    """Run the commands until one ends or a signal says so; kill what goes on for longer than the patience."""
    # exec: the shell becomes the process, so that a signal reaches it and no shell stays behind.
    processes = [subprocess.Popen(["sh", "-c", f"exec {command}"]) for command in commands]
    told: list[int] = []

    def stop() -> None:
        for process in processes:
            process.terminate()

    def stop_as_told(number: int, _: Any) -> None:
        told.append(number)
        stop()

    signal.signal(signal.SIGTERM, stop_as_told)
    signal.signal(signal.SIGINT, stop_as_told)
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    first = max(abs(process.poll() or 0) for process in processes)
    if not told:  # twice would tell web to wait no longer for its runs
        stop()
    wait(processes, time.monotonic() + patience_seconds)
    return 0 if told else first or 1


def wait(processes: list[subprocess.Popen[bytes]], deadline: float) -> None:
    """Wait until all have ended; at the deadline (monotonic seconds) kill what is left."""
    for process in processes:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
