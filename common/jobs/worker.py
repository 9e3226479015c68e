"""A worker's part of long jobs: whose turn it is, one slice at a time, and what becomes of an error.

The jobs of an installation take turns, slice by slice, so that none waits for another's end. They share one
place in the workers: while one is at them the others poll.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from common.jobs.kinds import KINDS, JobError, Progress
from common.models import Chore, Job
from common.models.jobs import LEASE, PATIENCE

logger = logging.getLogger(__name__)

# A slice that workers do not come back from would end them all, one after the other; kills alone do not come
# to as many without a slice that succeeds.
MOST_LOST = 6
LOST = "Workers ended while they were at it, several times in a row."

# How long one task is at it before it stands at the end of the queue again, so that polls get their turn.
AT_ONCE_SECONDS = 20.0
KEPT = timedelta(days=30)
NAME, EVERY = "jobs", timedelta(days=1)


class LeaseLost(Exception):
    """The job is no longer ours: what this slice wrote is not to be saved."""


def work(seconds: float = AT_ONCE_SECONDS) -> bool:
    """Do slices of the jobs that are due for about so long; tell whether some are left."""
    end = time.monotonic() + seconds
    forget_old(timezone.now())
    while job := claim_next(timezone.now()):
        if job.failures >= MOST_LOST:
            fail(job, LOST)
        else:
            run_slice(job)
        if time.monotonic() >= end:
            return Job.objects.due(timezone.now(), KINDS).exists()
    return False


def claim_next(now: datetime, beside: Job | None = None) -> Job | None:
    """Lease the job that has waited longest for its turn; None where nothing is due, or a worker is at one.
    `beside` is the one that gives way: of those that are done in slices another may have its turn.
    """
    kinds = [name for name, kind in KINDS.items() if beside is None or not kind.is_whole]
    if not Job.objects.due(now, kinds).exists():
        return None
    with transaction.atomic():
        if Job.objects.leased(now).exclude(pk__in=[beside.pk] if beside else []).exists():
            return None
        for job in Job.objects.due(now, kinds)[:5]:
            if claimed := Job.objects.claim(job, now):
                return claimed
    return None


def run_slice(job: Job) -> None:
    """Do one slice of a job that is ours, and let it go; an error is kept for its readers."""
    try:
        write = KINDS[job.kind].step(job)
        with transaction.atomic():
            progress = write()
            # Last, so that everybody locks what a job works on before the job.
            if not Job.objects.move(job, values_of(progress, timezone.now())):
                raise LeaseLost
    except LeaseLost:
        logger.warning("Job %s ended, or went on without us.", job.pk)
    except JobError as error:
        fail(job, str(error))
    except Exception as error:
        logger.exception("A slice of job %s (%s of %s) failed.", job.pk, job.kind, job.scope)
        put_off(job, f"{type(error).__name__}: {error}")


def tell(job: Job, done: int, total: int) -> None:
    """Say how far a job is within a slice that cannot be cut, and hold it for as long again. Raises
    `LeaseLost` where it ended, or another worker has it.
    """
    now = timezone.now()
    values = {"done": done, "total": total, "moved_at": now, "lease_until": now + LEASE}
    if not Job.objects.move(job, values):
        raise LeaseLost
    job.lease_until = now + LEASE


def values_of(progress: Progress, now: datetime) -> dict[str, object]:
    """What a slice leaves in the job's row. Others may go on with it from there."""
    values: dict[str, object] = {
        "place": dict(progress.place),
        "done": progress.done,
        "total": progress.total,
    }
    if progress.is_done:
        values |= {"state": Job.Status.DONE, "ended_at": now}
    return values | {"moved_at": now, "failures": 0, "error": "", "lease_until": None}


def put_off(job: Job, error: str) -> None:
    """Try again later, a few times."""
    if job.failures >= len(PATIENCE):
        fail(job, error)
    else:
        job.wait(timezone.now() + PATIENCE[job.failures], error[:300])


def fail(job: Job, error: str) -> None:
    """End a job with its error: it waits for a person."""
    mine = Job.objects.active().filter(pk=job.pk, lease_until=job.lease_until)
    now = timezone.now()
    mine.update(state=Job.Status.FAILED, error=error[:300], ended_at=now, moved_at=now, lease_until=None)


def forget_old(now: datetime) -> None:
    """Delete the rows of jobs that ended long ago, once a day whoever asks; failed ones may go on."""
    if Chore.objects.claim(NAME, now, EVERY):
        Job.objects.ended().filter(ended_at__lt=now - KEPT).delete()
