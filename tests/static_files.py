"""Static files for tests that render pages: prepared when the first of them asks, as `make run` does.

Most runs of a few tests render nothing, and pay nothing.
"""

import subprocess
import sys

from raxdash.assets.storage import StaticStorage
from raxdash.management.commands.prepare import static_files_are_current
from tests.installation import ROOT


class PreparedStorage(StaticStorage):
    """The storage of raxdash, whose manifest is there and current when it is read."""

    def read_manifest(self) -> str | None:
        """Return the manifest's text."""
        if not static_files_are_current():
            prepare()
        return super().read_manifest()


def prepare() -> None:
    """Build the static files, or wait for who does; in another process, which knows no test's settings."""
    command = [sys.executable, "manage.py", "prepare", "--static-only"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
