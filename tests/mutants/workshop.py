"""A copy of the tree in which one mutant after the other is tried."""

import compileall
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from py_compile import PycInvalidationMode

from tests.mutants.catalogue import ROOT, Mutant
from tests.mutants.session import run_tests

PACKAGES = ("rax", "teams", "usage", "playground", "raxdash", "common")
LINKED = (".venv", "node_modules")
LONGEST_SECONDS = 180
# A child that is forked has imported already what all tests need.
FORK = get_context("fork")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant; `problem` is empty where every named test failed of it."""

    mutant: Mutant
    problem: str


class CannotRun(Exception):
    """pytest did not get as far as a result, so that no test has failed."""


class Workshop:
    """A folder with all that is part of the project, as it stands in the working tree."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in project_files():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
        for name in LINKED:
            if (ROOT / name).exists():
                (root / name).symlink_to(ROOT / name)
        # Bytecode that is believed by what its source says, not by when it was written.
        for name in PACKAGES:
            compileall.compile_dir(root / name, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    def failing(self, mutants: Sequence[Mutant]) -> set[str]:
        """Run the tests of some mutants without any; return those that fail: they prove nothing."""
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        failed = self.run(tests, LONGEST_SECONDS * 10)
        return {test for test in tests if any(is_of(test, name) for name in failed)}

    def judge(self, mutant: Mutant) -> Verdict:
        """Change the copy, run the tests that must fail, and put it right again."""
        try:
            with self.changed(mutant):
                failed = self.run(mutant.tests, LONGEST_SECONDS)
        except (ValueError, OSError, CannotRun) as error:
            return Verdict(mutant, str(error))
        missing = [test for test in mutant.tests if not any(is_of(test, name) for name in failed)]
        return Verdict(mutant, f"it survives {', '.join(missing)}" if missing else "")

    @contextmanager
    def changed(self, mutant: Mutant) -> Iterator[None]:
        """Let the copy be the mutant for a while."""
        path = self.root / mutant.file
        source = path.read_text()
        path.write_text(mutant.applied_to(source))
        try:
            yield
        finally:
            path.write_text(source)

    def run(self, tests: Sequence[str], longest_seconds: float) -> list[str]:
        """Run tests in a process of their own; return the names of those that failed."""
        receiver, sender = FORK.Pipe(duplex=False)
        child = FORK.Process(target=run_tests, args=(self.root, tests, sender))
        child.start()
        sender.close()
        try:
            if not receiver.poll(longest_seconds):
                raise CannotRun(f"its tests took longer than {longest_seconds:.0f} seconds")
            code, failed = receiver.recv()
        except EOFError:
            raise CannotRun("its tests ended without a word") from None
        finally:
            child.kill()
            child.join()
        if code not in (0, 1):
            raise CannotRun(f"its tests could not be run: pytest ended with {code}")
        return list(failed)


def is_of(test: str, name: str) -> bool:
    """Tell whether a test that ran, of whatever parameters, is the one that was named."""
    return name == test or name.startswith(f"{test}[")


def project_files() -> list[str]:
    """Return the files of the working tree that git has, or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = [name for name in listed.split("\0") if name]
    return [name for name in names if os.path.isfile(ROOT / name) and not os.path.islink(ROOT / name)]
