"""The list of mutants, read from lists/*.toml: one file for each subject.

[[mutant]]
says = "A dead run holds its tokens for ever."     # what is true of raxdash with this change
file = "usage/quota/limiter.py"
old = "…"                                          # stands in the file exactly once
new = "…"                                          # what stands there instead
tests = ["tests/usage/quota/test_limiter.py::test_…"]     # each of them must fail
fast = true                                        # only where `make test` is to try it too
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LISTS = Path(__file__).parent / "lists"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file, and the tests that must fail of it."""

    subject: str
    says: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    fast: bool = False
    # For as long as nobody has written the test that finds it out.
    survives: bool = False

    def __str__(self) -> str:
        return f"{self.subject}: {self.says}"

    def applied_to(self, source: str) -> str:
        """Return the source with the change in it; raise ValueError where that makes no module."""
        found = source.count(self.old)
        if found != 1:
            raise ValueError(f"{self.file} holds {self.old!r} {found} times")
        changed = source.replace(self.old, self.new)
        try:
            compile(changed, self.file, "exec")
        except SyntaxError as error:
            raise ValueError(f"{self.file} would be no Python: {error}") from error
        return changed


def load() -> list[Mutant]:
    """Return all mutants, in the order of the lists."""
    return [mutant for path in sorted(LISTS.glob("*.toml")) for mutant in read(path)]


def read(path: Path) -> list[Mutant]:
    """Return the mutants of one list."""
    entries = tomllib.loads(path.read_text())["mutant"]
    return [Mutant(path.stem, **{**entry, "tests": tuple(entry["tests"])}) for entry in entries]
