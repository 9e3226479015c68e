"""A part fails for a while as two teams work: who does not need it notices nothing, and nothing is lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.chaos.clock import Clock
from tests.chaos.crowd import Crowd, working
from tests.chaos.faults import full, small_disk, stopped_postgres
from tests.chaos.town import ALICE, BACKENDS, GROWN_UP, INTERVAL_SECONDS, OLGA, Town, town
from tests.chaos.truth import assert_at_rest, assert_recovered, largest_gap
from tests.usage.polls.gate import running_gate

pytestmark = [pytest.mark.processes, pytest.mark.chaos, pytest.mark.timeout(600)]
AT_FIRST_SECONDS = 5
AFTERWARDS_SECONDS = 5
SILENT_KEYS = 200
Record = Callable[[str, object], None]


@contextmanager
def at_work(here: Town, record: Record) -> Iterator[Crowd]:
    """Let both teams work before, during and after what the block does; then hold the town to the truth."""
    with working(here, [ALICE, OLGA], seed=7) as crowd:
        time.sleep(AT_FIRST_SECONDS)
        yield crowd
        ended_at = datetime.now(UTC)
        time.sleep(AFTERWARDS_SECONDS)
    assert_recovered(here, ended_at)
    for name, value in assert_at_rest(here, killed=False).items():
        record(name, value)
    record("largest gap of polls in seconds", round(largest_gap(here, ALICE.team), 1))
    record("requests that did not succeed", len(crowd.mishaps_of(ALICE)))


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_host_that_is_silent_is_noticed_by_its_team_alone(kind: str, record_property: Record) -> None:
    with town(kind) as here, running_gate() as (gate, base_url):
        gate.open.clear()
        with at_work(here, record_property) as crowd:
            secrets = {f"Silent {number}": f"rax_silent_{number}" for number in range(SILENT_KEYS)}
            here.add_keys(OLGA.team, secrets, base_url)
            time.sleep(60)
            gate.open.set()
        assert crowd.mishaps_of(ALICE) == []
        assert largest_gap(here, ALICE.team) <= 2 * INTERVAL_SECONDS


def test_a_redis_that_hangs_is_gone_without(record_property: Record) -> None:
    with town(GROWN_UP) as here:
        with at_work(here, record_property) as crowd, here.stopped(here.redis_pid()):
            time.sleep(20)
        assert crowd.mishaps_of(ALICE) == []


@pytest.mark.parametrize("seconds", [3, 25])
def test_a_postgresql_that_was_stopped_costs_nothing(seconds: int, record_property: Record) -> None:
    with town(GROWN_UP) as here:
        with at_work(here, record_property) as crowd, stopped_postgres(here):
            time.sleep(seconds)
        assert all(mishap.startswith("503 ") for mishap in crowd.mishaps_of(ALICE))


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_full_disk_costs_nothing(kind: str, record_property: Record) -> None:
    with town(kind, disk=small_disk) as here:
        with at_work(here, record_property) as crowd:
            with full(here.disk):
                time.sleep(20)
            if here.postgres:
                here.postgres.revive()  # it ends itself where it cannot write its log
        assert all(mishap.startswith("503 ") for mishap in crowd.mishaps_of(ALICE))


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_clock_that_leaps_is_not_noticed(kind: str, tmp_path: Path, record_property: Record) -> None:
    clock = Clock(tmp_path)
    with town(kind, clock=clock) as here:
        with at_work(here, record_property) as crowd:
            for seconds in (3_600, 0):
                clock.leap(seconds)
                time.sleep(20)
        assert crowd.mishaps_of(ALICE) == []
