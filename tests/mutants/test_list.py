"""The list of mutants fits the code as it stands."""

import re
from pathlib import Path

import pytest

from tests.mutants.catalogue import ROOT, Mutant, load

MUTANTS = load()
FEWEST = 100


def test_each_line_stands_in_its_file_once() -> None:
    problems = [problem for mutant in MUTANTS if (problem := misfit(mutant))]
    assert not problems, "\n".join(problems)


def test_each_test_that_is_named_is_there() -> None:
    named = {name for mutant in MUTANTS for name in mutant.tests}
    assert [name for name in sorted(named) if not is_there(name)] == []
    assert [str(mutant) for mutant in MUTANTS if not mutant.tests and not mutant.survives] == []


def test_there_are_a_hundred_and_no_two_are_the_same() -> None:
    assert len(MUTANTS) >= FEWEST
    assert len({(mutant.file, mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)
    assert len({mutant.says for mutant in MUTANTS}) == len(MUTANTS)


def test_a_dozen_of_several_subjects_are_fast() -> None:
    fast = [mutant for mutant in MUTANTS if mutant.fast]
    assert len(fast) == 12
    assert len({mutant.file for mutant in fast}) > 6


def misfit(mutant: Mutant) -> str:
    """Return why a mutant cannot be made; empty where it can."""
    try:
        mutant.applied_to((ROOT / mutant.file).read_text())
    except (OSError, ValueError) as error:
        return f"{mutant}: {error}"
    return ""


def is_there(test: str) -> bool:
    """Tell whether a test of this name stands in its file."""
    path, *classes, name = test.partition("[")[0].split("::")
    text = (ROOT / path).read_text() if (ROOT / path).is_file() else ""
    indent = "    " * len(classes)
    lines = [*(f"class {outer}" for outer in classes), f"{indent}(async )?def {name}"]
    return all(re.search(rf"^{line}\b", text, re.MULTILINE) for line in lines)


def test_a_mutant_that_fits_nowhere_is_refused(tmp_path: Path) -> None:
    mutant = Mutant("subject", "It says nothing.", "module.py", "a = 1", "a = (", ())
    for source in ("b = 1", "a = 1; a = 1", "a = 1"):
        with pytest.raises(ValueError, match=r"module\.py"):
            mutant.applied_to(source)
