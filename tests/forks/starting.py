"""Start a command of raxdash: forked where that makes no difference to it, else by its whole command line."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import IO, Any

from tests.forks.forked import ROOT, Forked

# What Python, the loader of libraries, the languages and OpenSSL look for as soon as they begin.
READ_EARLY = ("PYTHON", "LD_", "LC_", "LANG", "SSL_", "OPENSSL_", "MALLOC_")
AS_THERE = {"PYTHONUNBUFFERED"}

Process = subprocess.Popen[Any] | Forked


def start(
    command: Sequence[str], environment: Mapping[str, str], files: Sequence[IO[Any]], *, may_fork: bool = True
) -> Process:
    """Start it in a session of its own, in the project's folder, with this environment and files alone."""
    if may_fork and may_be_forked(command, environment):
        return Forked(command, environment, files)
    stdin, stdout, stderr = files
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )


def may_be_forked(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Tell whether all that an interpreter reads as it starts is as the fork server read it."""
    if sys.platform == "darwin":  # its libraries may not go on in a fork
        return False
    is_ours = command[0] == sys.executable and command[1] in {"-c", "-m", "manage.py"}
    return is_ours and not any(name.startswith(READ_EARLY) for name in environment.keys() - AS_THERE)


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    seconds: float = 120,
    stdin: str = "",
    may_fork: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as `start` starts it; return what it printed."""
    with ExitStack() as open_files:
        files = [open_files.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(stdin.encode())
        files[0].seek(0)
        process = start(command, environment, files, may_fork=may_fork)
        try:
            status = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(command, status, text_of(files[1]), text_of(files[2]))


def text_of(file: IO[bytes]) -> str:
    """Return what was written to a file."""
    file.seek(0)
    return file.read().decode()
