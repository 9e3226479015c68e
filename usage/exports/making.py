"""Files that take longer than a page may: a worker makes them as a long job, whose row says how far it is."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs

from django.db import transaction
from django.utils import timezone

from common import jobs
from common.jobs.kinds import JobError, Progress, Write
from common.jobs.turns import Turns
from common.models import Job
from teams.changes import Refused
from teams.permissions import Access
from usage.exports import workbook
from usage.exports.files import name_of
from usage.exports.parts import Part
from usage.exports.records import TooMany, records_of
from usage.models import Export

KIND, WORDS = "usage.export", "Making the Excel file"
# A team waits for so many at once.
MOST_UNFINISHED = 5
FULL = f"{MOST_UNFINISHED} files of your team are being made: wait for one of them."
# Of each member so many are kept, the newest: the database is no place for more.
MOST_KEPT = 20
GONE = "There are no numbers for this file any more."
# Progress is told so often, in rows.
EVERY = 2_000


@transaction.atomic
def start(access: Access, question: str, part: int) -> Export:
    """Have a file made of a part of what an address asks. Raises `Refused` where too many are."""
    team, user, now = access.team, access.membership.user, timezone.now()
    if Export.objects.unfinished(team).count() >= MOST_UNFINISHED:
        raise Refused(FULL)
    Export.objects.older(access.membership, now, MOST_KEPT - 1).delete()
    export = Export.objects.create(team=team, member=user, question=question, part=part, created_at=now)
    export.job, _ = jobs.start(
        KIND, f"export:{export.pk}", {"export": export.pk}, by=str(user), by_id=user.pk
    )
    export.save(update_fields=["job"])
    return export


def step(job: Job) -> Write:
    """All of a file, in one slice: a workbook is written from its beginning to its end."""
    export = Export.objects.select_related("team").filter(pk=job.arguments["export"]).first()
    if export is None or export.team.deleted_at is not None:
        return lambda: Progress(is_done=True)
    try:
        found = records_of(export.team, parse_qs(export.question), timezone.now())
    except TooMany as refusal:
        raise JobError(str(refusal)) from refusal
    part = Part.of(len(found), export.part) if found else None
    if found is None or part is None:
        raise JobError(GONE)
    rows = part.last - part.first
    with TemporaryDirectory() as folder:
        file = Path(folder) / "usage.xlsx"
        workbook.write(found, part, file, _teller(job, rows))
        content = file.read_bytes()
    return partial(_save, export.pk, name_of(found, part, "xlsx"), content, rows)


def _teller(job: Job, rows: int) -> Callable[[int], None]:
    """Who tells how far a job is, now and then, and lets others have their turn."""
    told, turns = 0, Turns(job)

    def after(row: int) -> None:
        nonlocal told
        if row - told >= EVERY:
            told = row
            turns.take(row, rows)

    return after


def cancel(export: Export) -> bool:
    """Let a file not be made, as whoever asked for it says; tell whether that was in time."""
    return export.job is not None and jobs.cancel(export.job)


def forget(job: Job) -> None:
    """Forget the file of a job that was cancelled."""
    Export.objects.filter(pk=job.arguments["export"]).delete()


def _save(export_id: int, name: str, content: bytes, rows: int) -> Progress:
    Export.objects.filter(pk=export_id).update(name=name, content=content)
    return Progress(done=rows, total=rows, is_done=True)
