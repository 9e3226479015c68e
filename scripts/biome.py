"""Run Biome, which lints and formats scripts and styles: `python scripts/biome.py check --write`.

npm installs a program for this machine; it is called as it is, for there may be no Node to call it by.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Become Biome, with the arguments of this command; a warning is a failure."""
    programs = sorted(ROOT.glob("node_modules/@biomejs/cli-*/biome"))
    if not programs:
        sys.exit("Biome is not installed: run `make install-test`")
    os.chdir(ROOT)
    colours = [] if sys.stdout.isatty() else ["--colors=off"]
    os.execv(programs[0], ["biome", *sys.argv[1:], *colours, "--error-on-warnings"])


if __name__ == "__main__":
    main()
