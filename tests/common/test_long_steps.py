"""A step that cannot be cut says meanwhile how far it is, and holds its job by that."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from common import jobs
from common.jobs import worker
from common.jobs.turns import Turns
from common.models import LEASE, Job
from tests.common.jobs import COUNTING, known

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    clock = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[-1])
    return clock


@pytest.fixture
def job(now: list[datetime]) -> Iterator[Job]:
    """A job that a worker is at."""
    with known():
        jobs.start(COUNTING, "team:7", {"to": 3})
        claimed = worker.claim_next(NOON)
        assert claimed
        yield claimed


def test_it_says_how_far_it_is_and_keeps_its_job(job: Job, now: list[datetime]) -> None:
    now.append(NOON + 20 * SECOND)
    worker.tell(job, 2, 3)
    told = Job.objects.get()
    assert (told.done, told.total, told.lease_until) == (2, 3, now[-1] + LEASE)
    assert worker.claim_next(NOON + LEASE + SECOND) is None


def test_it_hears_where_its_job_has_ended(job: Job) -> None:
    job.end(Job.Status.CANCELLED, NOON)
    with pytest.raises(worker.LeaseLost):
        worker.tell(job, 2, 3)


def test_others_have_their_turn_meanwhile(job: Job) -> None:
    other, _ = jobs.start(COUNTING, "team:8", {"to": 2})
    turns = Turns(job)
    turns.take(1, 9)
    other.refresh_from_db()
    assert (other.done, other.is_active) == (1, True)
    turns.take(2, 9)
    job.refresh_from_db()
    assert (job.done, job.is_active) == (2, True)
    assert worker.claim_next(NOON) is None


def test_others_have_no_more_time_than_it_has_itself(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice of another took ten seconds: the next comes after ten seconds of its own."""
    clock = [0.0]
    monkeypatch.setattr("common.jobs.turns.time.monotonic", lambda: clock[-1])
    ran: list[float] = []

    def run(other: Job) -> None:
        ran.append(clock[-1])
        clock.append(clock[-1] + 10)
        Job.objects.filter(pk=other.pk).update(lease_until=None)

    monkeypatch.setattr(worker, "run_slice", run)
    jobs.start(COUNTING, "team:8", {"to": 2})
    turns = Turns(job)
    for at in (1, 12, 20, 21, 22):
        clock.append(max(clock[-1], float(at)))
        turns.take(1, 9)
    assert ran == [1, 21]


def test_an_error_of_another_is_the_other_s(job: Job) -> None:
    def broken(other: Job) -> None:
        raise ValueError("broken")

    with known(broken, name="test.broken"):
        other, _ = jobs.start("test.broken", "team:8", {})
        Turns(job).take(1, 9)
    other.refresh_from_db()
    job.refresh_from_db()
    assert other.error == "ValueError: broken"
    assert (job.done, job.error) == (1, "")


def test_two_that_cannot_be_cut_come_one_after_the_other(job: Job) -> None:
    with known(name="test.whole", is_whole=True):
        other, _ = jobs.start("test.whole", "team:8", {"to": 2})
        Turns(job).take(1, 9)
        other.refresh_from_db()
        assert other.done == 0
