"""Polling on real processes, with the embedded parts and with PostgreSQL and Redis.

Whatever dies, repeats or goes away: each slot is polled once, and the numbers are the provider's.
"""

import time
from collections.abc import Iterator

import httpx
import pytest
import redis

from tests.installation import Installation, wait_until
from tests.installed import installed_for_alice
from tests.playground.visitor import Visitor
from tests.servers import new_database
from tests.usage.polls.gate import running_gate
from tests.usage.running import (
    BRISK,
    HOURLY,
    METER,
    SLOTS,
    add_key,
    counted,
    end_leases,
    know_key,
    press_poll_now,
    put,
    slots,
    spend,
    told,
    usage_requests,
)

pytestmark = pytest.mark.processes

BACKENDS = ("embedded", "grown_up")


@pytest.fixture(scope="module", params=BACKENDS)
def raxdash(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation with its worker, shared by the stories of one backend; each has a key of its own."""
    parts = {}
    if request.param == "grown_up":
        database = new_database(request.getfixturevalue("postgres"))
        parts = {"DATABASE_URL": database, "REDIS_URL": request.getfixturevalue("redis_url")}
        with redis.Redis.from_url(parts["REDIS_URL"]) as broker:
            broker.flushdb()
    with installed_for_alice(tmp_path_factory.mktemp(request.param), **HOURLY, **parts) as installation:
        installation.celery_app = BRISK
        installation.start_worker()
        yield installation


@pytest.fixture(scope="module")
def alice(raxdash: Installation) -> Iterator[Visitor]:
    """Alice, signed in once for all stories of a backend."""
    with Visitor(raxdash) as visitor:
        yield visitor


def test_a_new_key_is_polled_at_once_and_again_when_somebody_asks(
    raxdash: Installation, alice: Visitor
) -> None:
    know_key(raxdash, "rax_new")
    spend(raxdash, "rax_new")
    spend(raxdash, "rax_new", "rax-4.0")
    add_key(alice, "New", "rax_new")
    wait_until(lambda: slots(raxdash, "New"), "the first poll")
    assert counted(raxdash, "New") == told(raxdash, "rax_new")
    spend(raxdash, "rax_new")
    press_poll_now(alice)
    wait_until(lambda: len(slots(raxdash, "New")) == 2, "the second poll")
    assert counted(raxdash, "New") == told(raxdash, "rax_new")


def test_a_worker_killed_in_mid_poll_loses_nothing_and_does_nothing_twice(
    raxdash: Installation, alice: Visitor
) -> None:
    with running_gate() as (gate, base_url):
        gate.open.clear()
        gate.tokens = 700
        add_key(alice, "Killed", "rax_gate", base_url)
        wait_until(lambda: gate.asked == 1, "the poll to be under way")
        raxdash.kill("worker")
        gate.open.set()
        assert raxdash.rows(SLOTS, "Killed") == []
        gate.tokens = 900
        end_leases(raxdash)
        raxdash.start_worker()
        wait_until(lambda: slots(raxdash, "Killed"), "the poll to be taken up again")
        assert counted(raxdash, "Killed") == {"rax-4.0": 900}
        assert (gate.asked, len(raxdash.rows(SLOTS, "Killed"))) == (2, 1)


@pytest.mark.chaos
@pytest.mark.parametrize("milliseconds", [0, 1, 2, 5, 10, 20, 40, 80])
def test_a_worker_killed_at_any_moment_has_stored_a_poll_whole_or_not_at_all(
    raxdash: Installation, alice: Visitor, milliseconds: int
) -> None:
    name = f"Killed after {milliseconds} ms"
    with running_gate() as (gate, base_url):
        gate.open.clear()
        gate.tokens = 700
        add_key(alice, name, f"rax_gate_{milliseconds}", base_url)
        wait_until(lambda: gate.asked == 1, "the poll to be under way")
        gate.open.set()
        time.sleep(milliseconds / 1000)
        raxdash.kill("worker")
        stored = slots(raxdash, name)
        assert counted(raxdash, name) == ({"rax-4.0": 700} if stored else {})
        end_leases(raxdash)
        raxdash.start_worker()
        press_poll_now(alice)
        wait_until(lambda: len(slots(raxdash, name)) > len(stored), "the next poll")
        assert counted(raxdash, name) == {"rax-4.0": 700}
    assert raxdash.try_manage("ledger", "verify").returncode == 0


def test_a_refused_key_is_no_longer_polled_and_says_so(raxdash: Installation, alice: Visitor) -> None:
    know_key(raxdash, "rax_refused")
    add_key(alice, "Refused", "rax_refused")
    wait_until(lambda: slots(raxdash, "Refused"), "the first poll")
    control = f"http://127.0.0.1:{raxdash.simulator_port}/control"
    httpx.delete(f"{control}/keys/rax_refused", timeout=60, trust_env=False)
    press_poll_now(alice)
    wait_until(lambda: slots(raxdash, "Refused", 401), "the refusal")
    press_poll_now(alice)
    know_key(raxdash, "rax_after")
    add_key(alice, "After", "rax_after")
    wait_until(lambda: slots(raxdash, "After"), "a later tick")
    assert len(raxdash.rows(SLOTS, "Refused")) == 2
    ((status, reason, _),) = raxdash.rows(METER, "Refused")
    assert (status, bool(reason)) == ("refused", True)


def test_a_provider_that_says_wait_is_asked_again_only_then(raxdash: Installation, alice: Visitor) -> None:
    know_key(raxdash, "rax_waits")
    spend(raxdash, "rax_waits")
    add_key(alice, "Waits", "rax_waits")
    wait_until(lambda: slots(raxdash, "Waits"), "the first poll")
    put(raxdash, "settings", {"faults": "429:3"})
    press_poll_now(alice)
    wait_until(lambda: slots(raxdash, "Waits", 429), "the refusal")
    put(raxdash, "settings", {"faults": ""})
    wait_until(lambda: len(slots(raxdash, "Waits")) == 2, "the poll after the wait")
    first, refused, after = sorted(slot for slot, _ in raxdash.rows(SLOTS, "Waits"))
    assert first < refused
    assert after >= refused + 3_000_000
    assert counted(raxdash, "Waits") == told(raxdash, "rax_waits")


# How many keys of the next story were polled twice.
TWICE = """
    SELECT COUNT(*) FROM (
        SELECT m.id FROM usage_rawpoll p JOIN usage_meter m ON m.id = p.meter_id
        WHERE p.status = 200 AND substr(m.name, 1, 5) = 'Both ' GROUP BY m.id HAVING COUNT(*) >= 2
    ) polled
"""


def test_two_workers_with_two_beats_poll_each_slot_once(raxdash: Installation, alice: Visitor) -> None:
    secrets = [f"rax_both_{number}" for number in range(20)]
    for secret in secrets:
        know_key(raxdash, secret)
    raxdash.kill("worker")
    raxdash.manage("shell", "--verbosity", "0", "--command", add_keys("Both", secrets, raxdash.simulator_url))
    try:
        raxdash.environment["POLL_INTERVAL_SECONDS"] = "10"
        raxdash.start_worker()
        raxdash.start_worker("second", "--schedule", str(raxdash.folder / "second-beat"))
        names = [f"Both {number}" for number in range(len(secrets))]
        wait_until(lambda: raxdash.rows(TWICE) == [(len(names),)], "two rounds of polls")
    finally:
        raxdash.environment |= HOURLY
        raxdash.kill("second", 15)
        raxdash.kill("worker", 15)
    for name, secret in zip(names, secrets, strict=True):
        polled = [slot for slot, _ in raxdash.rows(SLOTS, name)]
        assert len(set(polled)) == len(polled) == usage_requests(raxdash, secret)
    assert raxdash.try_manage("ledger", "verify").returncode == 0
    raxdash.start_worker()


def add_keys(name: str, secrets: list[str], base_url: str) -> str:
    """Python that adds many keys to the team, for `manage.py shell`."""
    return f"""
from teams.models import Key, Plan, Team
for number, secret in enumerate({secrets!r}):
    key = Key(team=Team.objects.get(), name=f"{name} {{number}}", base_url={base_url!r}, plan=Plan.PRO)
    key.set_secret(secret)
    key.save()
"""


def test_a_server_that_never_answers_holds_no_worker(raxdash: Installation, alice: Visitor) -> None:
    pool = "prefork" if "REDIS_URL" in raxdash.environment else "threads"
    raxdash.kill("worker", 15)
    raxdash.start_worker("worker", "--pool", pool)
    with running_gate() as (gate, base_url):
        add_key(alice, "Stalls", "rax_gate", base_url)
        wait_until(lambda: slots(raxdash, "Stalls"), "the first poll")
        gate.open.clear()
        press_poll_now(alice)
        wait_until(lambda: slots(raxdash, "Stalls", None), "the task to give up")
    ((status, _, error),) = raxdash.rows(METER, "Stalls")
    assert (status, bool(error)) == ("active", True)
    know_key(raxdash, "rax_beside")
    add_key(alice, "Beside", "rax_beside")
    wait_until(lambda: slots(raxdash, "Beside"), "the next poll")
