"""What docs/ledger.md names is there."""

import re

from tests.installation import ROOT

ROOMS = ("believing", "adding", "entering")
TEXT = (ROOT / "docs/ledger.md").read_text()


def test_every_test_it_names_exists():
    written = "".join(path.read_text() for path in (ROOT / "tests/usage").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert len(named) > 15
    assert {name for name in named if f"def {name}(" not in written} == set()


def test_every_rule_of_the_table_has_its_function():
    rules = "".join((ROOT / f"usage/ledger/{name}.py").read_text() for name in ROOMS)
    table = TEXT[TEXT.index("| a new poll") : TEXT.index("Measured means")]
    named = set(re.findall(r"`(\w+)` \|\n", table))
    assert len(named) > 6
    assert {name for name in named if f"def {name}(" not in rules} == set()
