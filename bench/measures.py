"""What processes cost, read from Linux: CPU seconds, memory, threads, open files; and medians of numbers."""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of all threads of a process, ended ones included, in seconds.

    The kernel's clock of another process (clock_getcpuclockid(3)) counts nanoseconds, where
    `/proc/<pid>/stat` counts hundredths of a second. Raises `OSError` where the process has ended.
    """
    return time.clock_gettime((~pid << 3) | 2)


def process_tree(root: int) -> list[int]:
    """Return a process and everything it has started that still runs."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            # The name, in parentheses, may hold anything; the parent is the second field after it.
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(folder.name))
    tree = [root]
    for pid in tree:
        tree += children.get(pid, [])
    return tree


def tree_cpu_seconds(root: int) -> float:
    """Return the CPU time of a process and of everything below it that still runs."""
    total = 0.0
    for pid in process_tree(root):
        with suppress(OSError):
            total += cpu_seconds(pid)
    return total


def cpu_below(root: int) -> dict[int, float]:
    """Return the CPU time of each process that a process has started, or these, and that still runs."""
    found = {}
    for pid in process_tree(root)[1:]:
        with suppress(OSError):
            found[pid] = cpu_seconds(pid)
    return found


def spent(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Return the CPU time between two looks at some processes; of one that is new, all it spent."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def pss_bytes(pid: int) -> int:
    """Return a process's proportional memory: shared pages count by the share (`smaps_rollup`)."""
    return field_of(PROC / str(pid) / "smaps_rollup", "Pss") * 1024


def thread_count(pid: int) -> int:
    """Return how many threads a process has."""
    return field_of(PROC / str(pid) / "status", "Threads")


def field_of(path: Path, name: str) -> int:
    """Return the number that a line `name: number …` of a file in /proc gives."""
    for line in path.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ValueError(f"{path} says nothing of {name}")


def open_files(pid: int, path: Path) -> int:
    """Return how often a process holds a file open."""
    count = 0
    for descriptor in (PROC / str(pid) / "fd").iterdir():
        with suppress(OSError):
            count += descriptor.readlink() == path
    return count


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least this share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return float(median(values))
