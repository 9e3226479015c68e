"""Long jobs that failed wait for a person, however long that takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common import jobs
from common.jobs import worker
from common.models import Job
from tests.common.jobs import COUNTING, known, run_jobs

pytestmark = pytest.mark.django_db


def test_one_of_long_ago_can_still_go_on() -> None:
    with known():
        job, _ = jobs.start(COUNTING, "team:7", {"to": 1})
        long_ago = timezone.now() - worker.KEPT - timedelta(seconds=1)
        Job.objects.update(state="failed", error="The disk is full.", ended_at=long_ago)
        worker.work()
        job.refresh_from_db()
        assert jobs.try_again(job)
        run_jobs()
    assert Job.objects.get().is_done
