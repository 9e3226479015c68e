"""A worker in the middle of a poll, which waits for its provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.installation import Installation, wait_until
from tests.installed import prepared
from tests.playground.conftest import parts
from tests.usage.polls.gate import Gate, running_gate


@contextmanager
def worker_in_mid_poll(
    request: pytest.FixtureRequest, folder: Path, kind: str, *options: str
) -> Iterator[tuple[Installation, Gate]]:
    """Yield an installation of a backend, in its pool, and the shut gate that its one key is asked at."""
    with prepared(folder, **parts(request, kind)) as raxdash, running_gate() as (gate, base_url):
        gate.open.clear()
        raxdash.environment["RAX_BASE_URL"] = base_url
        raxdash.set_up()
        pool = "threads" if kind == "embedded" else "prefork"
        raxdash.start_worker("worker", "--pool", pool, *options)
        wait_until(lambda: gate.asked == 1, "the poll to be under way")
        yield raxdash, gate
