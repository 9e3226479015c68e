"""Run the benchmarks: `python -m bench [--quick] [name …]`. Exit code 1 names every bound that is missed."""

import argparse
import os
import platform
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

import orjson

from bench.figures import Figure, table
from bench.scale import Scale

BENCHMARKS = (
    "streaming_cpu",
    "first_token",
    "columns",
    "starting",
    "memory",
    "connections",
    "long_answers",
    "long_page",
    "stopping",
    "polling",
    "storing",
    "drafts",
    "pages",
    "many_keys",
    "explore",
    "exports",
    "api",
    "search",
    "assets",
    "idle",
)
RESULT = Path("build/bench.json")


def main() -> int:
    """Measure, print the table, write the figures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; all by default"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one small run each: shows that it works, no more"
    )
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured; the median counts")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    scale = Scale(1 if options.quick else options.runs, options.quick)
    results: dict[str, list[Figure]] = {}
    broken = [name for name in options.names or BENCHMARKS if not run(name, scale, results)]
    save(results, scale)
    print(f"\n{machine()}\n\n{table(results)}\n")
    return verdict(results, broken, scale)


def run(name: str, scale: Scale, results: dict[str, list[Figure]]) -> bool:
    """Carry out one benchmark and add its figures; tell whether it came to its end."""
    module = import_module(f"bench.benchmarks.{name}")
    print(f"── {module.NAME}", end=" ", flush=True)
    began = time.monotonic()
    try:
        results[module.NAME] = module.measure(scale)
    except Exception:
        # The others are worth having all the same.
        traceback.print_exc()
        return False
    print(f"({time.monotonic() - began:.0f} s)", flush=True)
    return True


def save(results: dict[str, list[Figure]], scale: Scale) -> None:
    """Write everything as JSON."""
    content = {
        "machine": machine(),
        "runs": scale.runs,
        "quick": scale.quick,
        "benchmarks": {name: [figure.as_json() for figure in figures] for name, figures in results.items()},
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


def verdict(results: dict[str, list[Figure]], broken: list[str], scale: Scale) -> int:
    """Name what is missed and what is broken; a quick run is too small to be held to its bounds."""
    missed = [(name, figure) for name, figures in results.items() for figure in figures if not figure.is_kept]
    for name, figure in missed:
        print(f"MISSED  {name}: {figure.what}, {figure.bound_words}", file=sys.stderr)
    for name in broken:
        print(f"BROKEN  {name}", file=sys.stderr)
    return 1 if broken or (missed and not scale.quick) else 0


def machine() -> str:
    """Say what this was measured on."""
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    processor = models[0].partition(":")[2].strip() if models else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    system = f"Linux {platform.release()}, Python {platform.python_version()}"
    return f"{processor}, {cores} cores, {memory:.0f} GB, {system}"


if __name__ == "__main__":
    sys.exit(main())
