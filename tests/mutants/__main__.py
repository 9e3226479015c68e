"""`make mutants`: let every mutant be found out by its tests. `--fast` tries those that `make test` tries.

    python -m tests.mutants [--fast] [--workers 2] [subject …]

Prints who survived and why; the exit code is 1 when anybody did.
"""

import argparse
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from tests.mutants.catalogue import Mutant, load
from tests.mutants.workshop import FORK, Verdict, Workshop

# What the tests of any mutant import, and none of ours: children are forked with it.
WARM = (
    "celery.schedules",
    "cryptography.hazmat.primitives.ciphers.aead",
    "django.core.management",
    "django.db.backends.sqlite3.base",
    "django.test.client",
    "httpx_aiohttp",
    "hypothesis.stateful",
    "playwright.sync_api",
    "psycopg",
    "pytest_asyncio.plugin",
    "pytest_django.plugin",
    "pytest_playwright.pytest_playwright",
    "redis.asyncio",
    "xdist.remote",
)


def main() -> int:
    """Try the mutants that were asked for, say what became of them, and return the exit code."""
    options = arguments()
    mutants = [mutant for mutant in load() if is_wanted(mutant, options)]
    began = time.monotonic()
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    for name in WARM:
        importlib.import_module(name)
    killed = 0
    for verdict in judge_all(mutants, options.workers):
        if verdict.problem:
            print(f"{verdict.mutant}\n    {verdict.problem}", flush=True)
        else:
            killed += 1
    seconds = time.monotonic() - began
    print(f"{killed} of {len(mutants)} mutants were found out ({seconds:.0f} s).")
    return 0 if killed == len(mutants) else 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--fast", action="store_true", help="only those that `make test` tries")
    parser.add_argument("--workers", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("subjects", nargs="*", help="the names of lists; all, where none is named")
    return parser.parse_args()


def is_wanted(mutant: Mutant, options: argparse.Namespace) -> bool:
    """Tell whether a mutant is to be tried."""
    if mutant.survives or (options.fast and not mutant.fast):
        return False
    return not options.subjects or mutant.subject in options.subjects


def judge_all(mutants: Sequence[Mutant], workers: int) -> Iterator[Verdict]:
    """Try mutants, some at a time, each worker in a copy of its own; yield what became of them."""
    with tempfile.TemporaryDirectory(prefix="raxdash-mutants-") as folder:
        receivers = []
        for number in range(min(workers, len(mutants))):
            receiver, sender = FORK.Pipe(duplex=False)
            share = mutants[number::workers]
            FORK.Process(target=work, args=(Path(folder) / str(number), share, sender, number)).start()
            sender.close()
            receivers.append(receiver)
        yield from received(receivers)


def work(root: Path, mutants: Sequence[Mutant], sender: Connection, number: int) -> None:
    """Try mutants one after the other."""
    os.environ["FIRST_PORT"] = str(int(os.environ.get("FIRST_PORT", "28000")) + 400 * number)
    workshop = Workshop(root)
    failing = workshop.failing(mutants)
    for mutant in mutants:
        if useless := failing.intersection(mutant.tests):
            sender.send(Verdict(mutant, f"its tests fail without it, too: {', '.join(sorted(useless))}"))
        else:
            sender.send(workshop.judge(mutant))


def received(receivers: list[Connection]) -> Iterator[Verdict]:
    """Yield what workers send, until the last has ended."""
    while receivers:
        for receiver in wait(receivers):
            assert isinstance(receiver, Connection)
            try:
                yield receiver.recv()
            except EOFError:
                receivers.remove(receiver)


if __name__ == "__main__":
    sys.exit(main())
