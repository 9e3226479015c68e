"""The documentation knows every fault."""

import re

from rax.simulator.faults import REGISTRY
from tests.installation import ROOT


def test_every_fault_is_documented() -> None:
    text = (ROOT / "docs/simulator.md").read_text()
    faults = text.partition("| fault |")[2]
    assert set(re.findall(r"^\| `([^`]+)` \|", faults, re.MULTILINE)) == set(REGISTRY)
