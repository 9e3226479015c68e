#!/usr/bin/env python3
"""The command line of raxdash: `./manage.py help` lists what it can do.

Whichever Python 3 starts it, it goes on under the project's own.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OWN = ROOT / ".venv"
# Set on the way to the project's Python, for whoever arrives there to go nowhere else.
ON_THE_WAY = "RAXDASH_ON_THE_WAY"


def use_own_python() -> None:
    """Go on under the Python of `.venv`; end with one line where nothing is installed."""
    has_arrived = os.environ.pop(ON_THE_WAY, "") == str(ROOT)
    python = OWN / "bin" / "python"
    if not has_arrived and Path(sys.prefix).resolve() != OWN.resolve() and os.access(str(python), os.X_OK):
        os.environ[ON_THE_WAY] = str(ROOT)
        command = [str(python), str(ROOT / "manage.py"), *sys.argv[1:]]
        os.execv(command[0], command)  # noqa: S606  as it was typed, but for the Python
    if sys.version_info < (3, 13) or find_spec("django") is None:
        sys.exit("raxdash: its Python packages are not installed: run `make install`")


if __name__ == "__main__":
    use_own_python()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raxdash.settings")
    from raxdash import launch_record
    from raxdash.command_line import CommandLine

    CommandLine(sys.argv, launch_record.adopt(os.environ, ROOT)).execute()
