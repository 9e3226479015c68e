"""An installation whose key is busy elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.installation import Installation
from tests.installed import installed_for_alice, put_key

LOAD = [
    {"model": "rax-4.0", "tokens_per_minute": 900, "shape": "flat"},
    {"model": "rax-4.5", "tokens_per_minute": 300, "shape": "flat"},
]


@contextmanager
def busy_raxdash(folder: Path) -> Iterator[Installation]:
    """Yield a running raxdash whose key has been busy elsewhere for ever, and was polled once."""
    with installed_for_alice(folder) as installation:
        put_key(installation, {"plan": "pro", "load": LOAD})
        installation.manage("poll")
        yield installation
