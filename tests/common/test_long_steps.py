"""A step that cannot be cut says meanwhile how far it is, and holds its job by that."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from common import jobs
from common.jobs import worker
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
