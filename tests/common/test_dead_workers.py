"""Workers that die in mid-slice: a job outlives some of them, and ends in words where it ends every one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from common import jobs
from common.jobs import worker
from common.models import LEASE, Job
from tests.common.jobs import COUNTING, known, run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Iterator[Job]:
    with known():
        yield jobs.start(COUNTING, "team:7", {"to": 9})[0]


def die(times: int) -> None:
    """So many workers take the job, and are gone until their lease is over."""
    for _ in range(times):
        assert worker.claim_next(timezone.now())
        Job.objects.update(lease_until=timezone.now() - LEASE - timedelta(seconds=1))


def test_a_slice_that_succeeds_begins_to_count_anew(job: Job) -> None:
    for _ in range(3):
        die(worker.MOST_LOST - 2)
        assert worker.work(seconds=0)
    job.refresh_from_db()
    assert (job.state, job.done, job.failures) == ("active", 3, 0)


def test_a_job_that_ends_every_worker_ends_in_words(job: Job) -> None:
    die(worker.MOST_LOST)
    assert not worker.work()
    job.refresh_from_db()
    assert (job.has_failed, job.error, job.done) == (True, worker.LOST, 0)
    assert jobs.try_again(job)
    run_jobs()
