"""Ask for long jobs, stop them, and show how far they are. What a job is, `kinds` tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from common.jobs.kinds import KINDS, words_of
from common.models import Job
from common.queueing import publish_on_commit
from common.tasks import work


def start(
    kind: str, scope: str, arguments: Mapping[str, Any], *, by: str = "", by_id: object = ""
) -> tuple[Job, bool]:
    """Return the active job of a kind in a scope, and whether it is new: of two callers one starts it.

    `by` and `by_id` say who asked. The workers are nudged once the transaction is saved.
    """
    now = timezone.now()
    asked = {"asked_by": by, "asked_by_id": str(by_id), "created_at": now, "due_at": now, "moved_at": now}
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, scope=scope, arguments=dict(arguments), **asked)
    except IntegrityError:
        return Job.objects.active().get(kind=kind, scope=scope), False
    publish_on_commit(work)
    return job, True


def can_be_cancelled(job: Job) -> bool:
    """Tell whether a job can be stopped before its end; one that failed need not go on."""
    kind = KINDS.get(job.kind)
    return job.is_pending and kind is not None and kind.cancel is not None


@transaction.atomic
def cancel(job: Job) -> bool:
    """End a job before its time, where its kind allows that; tell whether it was cancelled."""
    clean_up = KINDS[job.kind].cancel if job.kind in KINDS else None
    if clean_up is None or not job.end(Job.Status.CANCELLED, timezone.now()):
        return False
    job.refresh_from_db()
    clean_up(job)
    return True


def try_again(job: Job) -> bool:
    """Go on with a failed job where it stopped; tell whether it had failed and no other took its turn."""
    try:
        with transaction.atomic():
            is_resumed = job.resume(timezone.now())
    except IntegrityError:
        return False
    if is_resumed:
        publish_on_commit(work)
    return is_resumed


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job as pages show it."""

    job: Job
    words: str
    can_be_cancelled: bool

    @property
    def tag(self) -> str:
        """What changes whenever the job does."""
        return f"{self.job.pk}-{self.job.moved_at.timestamp()}-{self.job.failures}-{self.job.state}"


def shown(jobs: Iterable[Job]) -> list[ShownJob]:
    """The jobs as pages show them."""
    return [ShownJob(job, words_of(job), can_be_cancelled(job)) for job in jobs]
