"""One run of pytest in a child process, inside the copy of the tree."""

import os
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# The same examples each time, and the first that fails is enough.
settings.register_profile(
    "mutants", deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True, database=None
)

# The plugins are imported before the fork: pytest comes too late to rewrite their assertions.
# Tables are made of the models: going through the history of migrations would take half of the time.
OPTIONS = (
    "--quiet",
    "--no-migrations",
    *("-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)


class Listener:
    """A pytest plugin that remembers which tests failed; one that could not begin did not fail."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hear how a test went."""
        if report.when == "call" and report.failed:
            self.failed.append(report.nodeid)


def run_tests(root: Path, tests: Sequence[str], sender: Connection) -> None:
    """Run tests of the copy and send pytest's exit code, and the names of those that failed."""
    leave_home(root)
    settings.load_profile("mutants")
    listener = Listener()
    code = pytest.main([*OPTIONS, f"--rootdir={root}", *tests], plugins=[listener])
    sender.send((int(code), listener.failed))
    sender.close()
    # Whatever a mutant leaves running is not waited for.
    os._exit(0)


def leave_home(root: Path) -> None:
    """Make the copy the place from which everything is imported, and be silent."""
    sys.path[:] = [str(root), *(entry for entry in sys.path if entry not in {"", os.getcwd()})]
    os.chdir(root)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    silence = os.open(os.environ.get("MUTANTS_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
