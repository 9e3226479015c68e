"""A real web process says in time that what it needs hangs, and goes on by itself when it answers again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from tests.installation import Installation, wait_until
from tests.installed import prepared
from tests.relay import Relay, relay
from tests.servers import new_database

pytestmark = pytest.mark.processes

# Two on an idle machine, several times that on a busy one; what waits for a part that hangs waits for ever.
NO_LONGER_SECONDS = 20


@pytest.fixture
def database(tmp_path: Path, postgres: str) -> Iterator[tuple[Relay, Installation]]:
    """A web process, and the way to its database."""
    direct = new_database(postgres)
    with prepared(tmp_path, DATABASE_URL=direct) as raxdash, relay(direct) as (server, url):
        raxdash.environment |= {"DATABASE_URL": url, "DATABASE_TIMEOUT_SECONDS": "1"}
        raxdash.start_web()
        yield server, raxdash
        raxdash.stop()


def ask(raxdash: Installation) -> tuple[int, float]:
    """Return what `/readyz` answers, and in how many seconds."""
    began_at = monotonic()
    status = httpx.get(f"{raxdash.url}/readyz", timeout=30, trust_env=False).status_code
    return status, monotonic() - began_at


def threads_of(raxdash: Installation) -> int:
    return len(list(Path(f"/proc/{raxdash.processes['web'].pid}/task").iterdir()))


def test_a_database_that_hangs_is_told_in_time(database: tuple[Relay, Installation]) -> None:
    server, raxdash = database
    assert ask(raxdash)[0] == 200
    server.silence()
    with ThreadPoolExecutor(100) as pool:
        page = pool.submit(httpx.get, f"{raxdash.url}/", timeout=60, trust_env=False)
        asked = []
        for _ in range(60):  # three seconds long, twenty times a second
            asked.append(pool.submit(ask, raxdash))
            sleep(0.05)
        threads = threads_of(raxdash)
        told = [answer.result() for answer in asked]
        assert {status for status, _ in told} == {503}
        assert max(seconds for _, seconds in told) < NO_LONGER_SECONDS
        assert threads < 30
        assert (page.result().status_code, page.result().headers["Retry-After"]) == (503, "5")
    server.speak()
    wait_until(lambda: ask(raxdash)[0] == 200, "the database")
