"""What `make run` costs while nobody does anything: memory and CPU of all processes; and a later start."""

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.figures import Figure
from bench.measures import middle, process_tree, pss_bytes, tree_cpu_seconds
from bench.scale import Scale
from tests.installation import ROOT, Installation, wait_until

NAME = "make run: idle"
READY = re.compile(r"raxdash is ready: (\S+)")
MOST_MEGABYTES, MOST_OF_A_CORE, MOST_START_SECONDS = 350, 3.0, 8.0


def measure(scale: Scale) -> list[Figure]:
    """Return memory, CPU and the seconds of a later start, with one key that is polled."""
    with tempfile.TemporaryDirectory(prefix="raxdash-bench-") as folder:
        installation = Installation(Path(folder))
        with running(installation):
            installation.set_up()
        starts = [start_seconds(installation) for _ in range(scale.runs - 1)]
        with running(installation) as (launcher, seconds):
            time.sleep(scale.of(15, 3))
            cpu = cpu_share(launcher, scale.of(60, 5))
            memory = sum(pss_bytes(pid) for pid in process_tree(launcher))
    return [
        Figure("memory of all processes (PSS)", memory / 1e6, "MB", bound=MOST_MEGABYTES),
        Figure("CPU, of a core", cpu * 100, "%", bound=MOST_OF_A_CORE),
        Figure("later start", middle([*starts, seconds]), "s", bound=MOST_START_SECONDS),
    ]


def start_seconds(installation: Installation) -> float:
    """Return how long a start takes until the address is printed."""
    with running(installation) as (_, seconds):
        return seconds


def cpu_share(launcher: int, seconds: float) -> float:
    """Return the part of one core that all processes use."""
    cpu = tree_cpu_seconds(launcher)
    time.sleep(seconds)
    return (tree_cpu_seconds(launcher) - cpu) / seconds


@contextmanager
def running(installation: Installation) -> Iterator[tuple[int, float]]:
    """Yield the process of `make run` and the seconds until it printed the address; then press Ctrl-C."""
    settings = {**installation.environment, "SIMULATOR_PORT": str(installation.simulator_port)}
    output = installation.folder / "make.log"
    with output.open("wb") as file:
        began = time.monotonic()
        launcher = subprocess.Popen(
            ["make", "run"], cwd=ROOT, env=settings, stdout=file, stderr=file, start_new_session=True
        )
    try:
        wait_until(
            lambda: launcher.poll() is not None or READY.search(output.read_text()), "the address", 300
        )
        if launcher.poll() is not None:
            raise RuntimeError(f"make run ended: {output.read_text()}")
        yield launcher.pid, time.monotonic() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(launcher.pid, signal.SIGINT)
        launcher.wait(timeout=60)
