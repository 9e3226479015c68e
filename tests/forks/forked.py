"""A process that the fork server started: as much of `subprocess.Popen` as stories need."""

import atexit
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent.parent
LIMITS = (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
ASKING = Lock()


class Forked:
    """A process of its own, in a session of its own, with standard input, output and errors as given."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], files: Sequence[IO[Any]]
    ) -> None:
        self.args = command
        self.returncode: int | None = None
        told, tell = os.pipe()
        # Unbuffered: who reads the first line takes nothing of the next one.
        self._told = os.fdopen(told, "rb", buffering=0)
        request = {
            "arguments": command[1:],
            "environment": dict(environment),
            "limits": {number: resource.getrlimit(number) for number in LIMITS},
        }
        with ASKING:
            socket.send_fds(
                server(), [json.dumps(request).encode()], [*(file.fileno() for file in files), tell]
            )
            os.close(tell)
            self.pid = int(self._told.readline())

    def poll(self) -> int | None:
        """Return the exit status, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status once it has ended; raise `subprocess.TimeoutExpired` where it does not."""
        if (status := self._ended(timeout)) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], timeout)[0]:
            self.returncode = int(self._told.readline())
            self._told.close()
        return self.returncode

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


@cache
def server() -> socket.socket:
    """Start the fork server of this process, which ends with it; return where it is asked."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forks.server", str(theirs.fileno())],
            cwd=ROOT,
            env={"HOME": os.environ.get("HOME", "/"), "PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )

    def end() -> None:
        ours.close()
        process.wait(timeout=10)

    atexit.register(end)
    return ours
