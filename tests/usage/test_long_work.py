"""Long jobs on real workers that are killed: the numbers are what they must be, whatever dies."""

from collections.abc import Iterator

import pytest
import redis

from tests.installation import Installation, wait_until
from tests.installed import installed_for_alice
from tests.playground.visitor import Visitor
from tests.servers import new_database
from tests.usage.long_work import EACH, FORGOT, POLLS
from tests.usage.running import HOURLY

pytestmark = pytest.mark.processes

SMALL = "tests.small_slices"
TWINS = "from tests.usage.long_work import make_twins; make_twins()"
FORGETFUL = "from tests.usage.long_work import make_forgetful; make_forgetful()"
USED = "SELECT SUM(amount) FROM usage_teamquarter WHERE metric = 'tokens' AND model = 'rax-4.0'"
BY_DAY = "SELECT SUM(amount) FROM usage_teamday WHERE metric = 'tokens' AND model = 'rax-4.0'"
FALL = "SELECT meter_id, at FROM usage_annotation WHERE event = 'correction'"
RESET = "SELECT id FROM usage_counterreset"
JOBS = "SELECT kind, state, done, error FROM common_job ORDER BY id"
SUGGESTION = "SELECT id FROM usage_sharingsuggestion"
END_LEASES = "UPDATE common_job SET lease_until = CURRENT_TIMESTAMP WHERE lease_until IS NOT NULL"


@pytest.fixture
def raxdash(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation without numbers, whose worker is not started yet."""
    parts = {}
    if kind == "grown_up":
        database = new_database(request.getfixturevalue("postgres"))
        parts = {"DATABASE_URL": database, "REDIS_URL": request.getfixturevalue("redis_url")}
        with redis.Redis.from_url(parts["REDIS_URL"]) as broker:
            broker.flushdb()
    with installed_for_alice(tmp_path_factory.mktemp(kind), **HOURLY, **parts) as installation:
        installation.celery_app = SMALL
        yield installation


def run(raxdash: Installation, script: str) -> None:
    raxdash.manage("shell", "--verbosity", "0", "--command", script)


def job(raxdash: Installation) -> tuple[str, str, int, str]:
    """The newest job: kind, state, how much is done, error."""
    kind, state, done, error = raxdash.rows(JOBS)[-1]
    return kind, state, done, error


def kill_in_the_middle(raxdash: Installation, times: int) -> None:
    """Kill the worker again and again while it is at a job, then let the job end."""
    for _ in range(times):
        before = job(raxdash)
        raxdash.start_worker()
        wait_until(lambda before=before: job(raxdash) != before, "a slice")
        raxdash.kill("worker")
        raxdash.write(END_LEASES)
    assert job(raxdash)[1] == "active"
    raxdash.start_worker()
    wait_until(lambda: job(raxdash)[1] != "active", lambda: f"{job(raxdash)} {raxdash.log('worker')[-2000:]}")
    assert job(raxdash)[1] == "done", raxdash.log("worker")


def used(raxdash: Installation, sql: str = USED) -> int:
    return int(raxdash.rows(sql)[0][0])


def assert_counted_anew(raxdash: Installation, alice: Visitor, path: str) -> None:
    """Press what counts accounts anew, twice; kill its workers; and hold the sums, then stop the worker."""
    assert alice.post(path).status_code < 400
    assert alice.post(path).status_code < 400
    assert [row[0] for row in raxdash.rows(JOBS)] == ["usage.recount"]
    kill_in_the_middle(raxdash, 2)
    assert used(raxdash) == used(raxdash, BY_DAY) == EACH * POLLS
    assert raxdash.try_manage("ledger", "verify").returncode == 0
    raxdash.kill("worker", 15)


@pytest.mark.parametrize("kind", ["embedded", pytest.param("grown_up", marks=pytest.mark.chaos)])
def test_a_merge_and_a_change_of_the_zone_outlive_their_workers(raxdash: Installation) -> None:
    run(raxdash, TWINS)
    assert used(raxdash) == 2 * EACH * POLLS
    ((suggestion,),) = raxdash.rows(SUGGESTION)
    with Visitor(raxdash) as alice:
        path = f"/t/acme/usage/accounts/{suggestion}/count-once/"
        assert_counted_anew(raxdash, alice, path)
        form = {"name": "Acme", "quota_time_zone": "UTC", "keep_prompts_days": "0"}
        assert alice.post("/t/acme/settings/", form | {"time_zone": "Asia/Kathmandu"}).status_code < 400
    kill_in_the_middle(raxdash, 1)
    assert job(raxdash)[0] == "usage.zone_change"
    assert used(raxdash) == used(raxdash, BY_DAY) == EACH * POLLS
    assert raxdash.try_manage("ledger", "verify").returncode == 0


@pytest.mark.parametrize("kind", ["grown_up", pytest.param("embedded", marks=pytest.mark.chaos)])
def test_a_reset_outlives_its_workers_and_is_taken_back_to_the_token(raxdash: Installation) -> None:
    run(raxdash, FORGETFUL)
    assert used(raxdash) == EACH * (POLLS - FORGOT)
    ((meter, at),) = raxdash.rows(FALL)
    with Visitor(raxdash) as alice:
        path = f"/t/acme/usage/accounts/meters/{meter}/resets/{at}/"
        assert_counted_anew(raxdash, alice, path)
        ((reset,),) = raxdash.rows(RESET)
        assert alice.post(f"/t/acme/usage/accounts/resets/{reset}/take-back/").status_code < 400
    kill_in_the_middle(raxdash, 1)
    assert raxdash.rows(RESET) == []
    assert used(raxdash) == used(raxdash, BY_DAY) == EACH * (POLLS - FORGOT)
    assert raxdash.try_manage("ledger", "verify").returncode == 0
