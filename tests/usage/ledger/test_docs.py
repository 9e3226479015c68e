"""What docs/ledger.md names is there."""

import re

from tests.installation import ROOT

TEXT = (ROOT / "docs/ledger.md").read_text()


def test_every_test_it_names_exists():
    written = "".join(path.read_text() for path in (ROOT / "tests/usage").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert len(named) > 15
    assert {name for name in named if f"def {name}(" not in written} == set()


def test_every_rule_of_the_table_has_its_method():
    taking = (ROOT / "usage/ledger/take.py").read_text()
    named = set(re.findall(r"`(_\w+)`", TEXT))
    assert len(named) > 6
    assert {name for name in named if f"def {name}(" not in taking} == set()
