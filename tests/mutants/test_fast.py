"""The mutants that every run of the tests tries: that the tests see anything at all is tested too."""

import os
import subprocess
import sys

from tests.mutants.catalogue import ROOT


def test_a_dozen_mutants_are_found_out() -> None:
    command = [sys.executable, "-m", "tests.mutants", "--fast", "--workers", "1"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    told = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.startswith("12 of 12 mutants were found out")
