"""An import on its way: what its long jobs work on, and how they leave it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from common.models import Job
from usage.models import Import, ImportFile


def origin_of(job: Job, state: str) -> Import | None:
    """The import of a job, where it is still in the state in which the job works on it."""
    origin = Import.objects.select_related("team").filter(pk=job.arguments["import"]).first()
    return origin if origin and origin.state == state else None


def end(origin: Import, state: str, now: datetime | None = None, **values: Any) -> None:
    """Leave an import in a state that it stays in until somebody decides; its file is not needed any more."""
    Import.objects.filter(pk=origin.pk).update(state=state, ended_at=now or timezone.now(), **values)
    ImportFile.objects.filter(of=origin).delete()


def cancel(job: Job) -> None:
    """A job was ended before its time: nothing of its import is taken in, what was kept of it stays aside."""
    if origin := origin_of(job, Import.State.READING):
        end(origin, Import.State.FAULTY, faults={"shown": [[0, "It was cancelled."]], "count": 1})
