"""What is read from Linux is what processes spend."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.measures import (
    cpu_seconds,
    middle,
    open_files,
    percentile,
    process_tree,
    pss_bytes,
    thread_count,
    tree_cpu_seconds,
)

SPENT_SECONDS = 0.3
WORK = f"""
import sys, threading, time
def work():
    while time.process_time() < {SPENT_SECONDS}: pass
thread = threading.Thread(target=work); thread.start(); thread.join()
waiting = threading.Thread(target=threading.Event().wait, daemon=True); waiting.start()
file = open(sys.argv[1])
print("done", flush=True)
sys.stdin.read()
"""
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {WORK!r}, sys.argv[1]])
child.wait()
"""


@contextmanager
def process(code: str, path: Path) -> Iterator[int]:
    path.touch()
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "done\n"
        yield started.pid
        assert started.stdin is not None
        started.stdin.close()


def test_it_counts_the_cpu_of_threads_that_have_ended(tmp_path: Path) -> None:
    with process(WORK, tmp_path / "file") as pid:
        assert cpu_seconds(pid) >= SPENT_SECONDS


def test_it_counts_what_a_process_has_started(tmp_path: Path) -> None:
    with process(PARENT, tmp_path / "file") as pid:
        tree = process_tree(pid)
        assert len(tree) == 2
        assert tree_cpu_seconds(pid) >= SPENT_SECONDS
        assert cpu_seconds(tree[1]) >= SPENT_SECONDS


def test_it_counts_threads_open_files_and_memory(tmp_path: Path) -> None:
    with process(WORK, tmp_path / "file") as pid:
        assert thread_count(pid) == 2
        assert open_files(pid, tmp_path / "file") == 1
        assert open_files(pid, tmp_path / "other") == 0
        assert 1_000_000 < pss_bytes(pid) < 100_000_000


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.95) == 95
    assert percentile(values, 1.0) == 100
    assert percentile([7.0], 0.95) == 7
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_the_median_is_the_middle() -> None:
    assert middle([9.0, 1.0, 5.0]) == 5
