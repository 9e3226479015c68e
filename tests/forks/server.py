"""A process that has loaded what others need, and forks: `python -m tests.forks.server <socket>`.

A request is one line of JSON, `{"arguments": […], "environment": {…}, "limits": {…}}`, with four files: the
standard ones, and one that is told the pid, once that leads its session, and at the end the exit status, a
line each.
"""

import gc
import json
import os
import resource
import runpy
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from tests.forks import others, ours

MOST_BYTES = 1_000_000


class Server:
    """Forks for each request until nobody can ask any more."""

    def __init__(self, requests: socket.socket) -> None:
        self.requests = requests
        self.reports: dict[int, int] = {}
        self.woken, self.waker = os.pipe()
        os.set_blocking(self.waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker)

    def serve(self) -> dict[str, Any] | None:
        """Return a request, in the process that was forked for it; None at the end."""
        while True:
            waiting: list[Any] = [self.requests, self.woken]
            readable, _, _ = select.select(waiting, [], [])
            if self.woken in readable:
                os.read(self.woken, MOST_BYTES)
                self.report_ends()
            if self.requests not in readable:
                continue
            line, files, _, _ = socket.recv_fds(self.requests, MOST_BYTES, 4)
            if not line:
                self.end_all()
                return None
            if not (pid := os.fork()):
                return self.forked(line, files)
            self.reports[pid] = files.pop()
            close(files)

    def report_ends(self) -> None:
        """Tell the exit status of each process that has ended, negative where a signal ended it."""
        for pid in list(self.reports):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                report = self.reports.pop(pid)
                with suppress(BrokenPipeError):
                    os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
                os.close(report)

    def end_all(self) -> None:
        """End what still runs: whoever would have stopped it was ended itself."""
        for pid in self.reports:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            # One that was forked a moment ago leads no group yet. Not waited for, it is still ours.
            os.kill(pid, signal.SIGKILL)
        for pid in self.reports:
            os.waitpid(pid, 0)

    def forked(self, line: bytes, files: list[int]) -> dict[str, Any]:
        """Keep nothing of the server, lead a session, say so, and take the files that were given."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # Who is told may end it at once: until here it would not have heard.
        os.write(files[-1], f"{os.getpid()}\n".encode())
        for place, file in enumerate(files[:3]):
            os.dup2(file, place)
        self.requests.close()
        close([*files, *self.reports.values(), self.woken, self.waker])
        request: dict[str, Any] = json.loads(line)
        return request


def close(files: list[int]) -> None:
    for file in files:
        os.close(file)


def become(request: dict[str, Any]) -> None:
    """Do what a fresh interpreter does with this command line, environment and limits."""
    for number, bounds in request["limits"].items():
        resource.setrlimit(int(number), bounds)
    # Python itself sets it where it has found no language.
    language = {name: value for name, value in os.environ.items() if name == "LC_CTYPE"}
    os.environ.clear()
    os.environ.update(language | request["environment"])
    match request["arguments"]:
        case ["-c", code, *arguments]:
            sys.argv = ["-c", *arguments]
            exec(code, {"__name__": "__main__"})
        case ["-m", module, *arguments]:
            sys.argv = [module, *arguments]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case [script, *arguments]:
            sys.argv = [script, *arguments]
            runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    # It ends after whoever asks it, also where both are told to end at once.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    others.load()
    ours.load()
    # What is there stays where it is: a page that no fork writes to is shared by all.
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        request = Server(requests).serve()
    if request is not None:
        become(request)
