"""What many keys of one team meet costs the keys of others nothing: a host that is silent, a first poll."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, wait_until
from tests.installed import installed_for_alice
from tests.parts import first_of_all
from tests.playground.conftest import parts
from tests.playground.visitor import Visitor
from tests.usage.polls.crowds import DOWN, POLLED, add_crowd, answered, longest_wait, standing
from tests.usage.polls.gate import running_gate
from tests.usage.running import add_key, know_key

pytestmark = [pytest.mark.processes]

INTERVAL = 10


@pytest.fixture(params=first_of_all("grown up"))
def raxdash(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose one good key is polled every ten seconds."""
    kind = request.param
    pool = "threads" if kind == "embedded" else "prefork"
    interval = {"POLL_INTERVAL_SECONDS": str(INTERVAL)}
    with installed_for_alice(tmp_path, **interval, **parts(request, kind)) as raxdash:
        with Visitor(raxdash) as alice:
            know_key(raxdash, "rax_good")
            add_key(alice, "Good", "rax_good")
        raxdash.start_worker("worker", "--pool", pool)
        wait_until(lambda: raxdash.rows(POLLED, "Good"), "the first poll")
        yield raxdash


@pytest.mark.parametrize("keys", [40, pytest.param(1_200, marks=pytest.mark.chaos)])
def test_a_host_that_never_answers_delays_no_other_one_s_polls(raxdash: Installation, keys: int) -> None:
    with running_gate() as (gate, base_url):
        gate.open.clear()
        add_crowd(raxdash, "silent", keys, base_url)
        assert longest_wait(raxdash, "Good", 25 if keys < 100 else 150) < 2 * INTERVAL
        down = wait_until(lambda: raxdash.rows(DOWN), lambda: standing(raxdash))
        assert down == [(base_url.removesuffix("/api/v1"),)]
        gate.open.set()
        wait_until(lambda: answered(raxdash, "silent") == keys, lambda: standing(raxdash))
        assert raxdash.rows(DOWN) == []


@pytest.mark.parametrize("keys", [120, pytest.param(5_000, marks=pytest.mark.chaos)])
def test_many_new_keys_stand_behind_established_ones(raxdash: Installation, keys: int) -> None:
    with running_gate() as (_, base_url):
        add_crowd(raxdash, "new", keys, base_url)
        assert longest_wait(raxdash, "Good", 15 if keys < 1_000 else 120) < 2 * INTERVAL
        wait_until(lambda: answered(raxdash, "new") == keys, lambda: standing(raxdash))
