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
from usage.explore import frozen
from usage.exports import workbook
from usage.exports.contents import Contents, of_records
from usage.exports.files import name_of
from usage.exports.frozen import name_of_frozen, of_frozen
from usage.exports.parts import Part
from usage.exports.records import TooMany, records_of
from usage.models import Export, FrozenReport

# Of a frozen page it is a kind of its own: what knows of no such file would make one of the question.
KIND, OF_FROZEN, WORDS = "usage.export", "usage.frozen_export", "Making the Excel file"
XLSX = "xlsx"
# A team waits for so many at once.
MOST_UNFINISHED = 5
FULL = f"{MOST_UNFINISHED} files of your team are being made: wait for one of them."
# Of each member so many are kept, the newest: the database is no place for more.
MOST_KEPT = 20
GONE = "There are no numbers for this file any more."
# Progress is told so often, in rows.
EVERY = 2_000


@transaction.atomic
def start(access: Access, question: str, part: int = 1, frozen: FrozenReport | None = None) -> Export:
    """Have a file made of a part of what an address asks, or asked when the page was frozen that is told.
    Raises `Refused` where too many are.
    """
    team, user, now = access.team, access.membership.user, timezone.now()
    if Export.objects.unfinished(team).count() >= MOST_UNFINISHED:
        raise Refused(FULL)
    Export.objects.older(access.membership, now, MOST_KEPT - 1).delete()
    export = Export(team=team, member=user, question=question, part=part, frozen=frozen, created_at=now)
    export.save()
    kind = OF_FROZEN if frozen else KIND
    export.job, _ = jobs.start(
        kind, f"export:{export.pk}", {"export": export.pk}, by=str(user), by_id=user.pk
    )
    export.save(update_fields=["job"])
    return export


def step(job: Job) -> Write:
    """All of a file, in one slice: a workbook is written from its beginning to its end."""
    some = Export.objects.select_related("team", "frozen__team")
    export = some.filter(pk=job.arguments["export"]).first()
    if export is None or export.team.deleted_at is not None:
        return lambda: Progress(is_done=True)
    name, contents = _frozen(export.frozen) if export.frozen else _asked(export)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "usage.xlsx"
        workbook.write(contents, file, _teller(job, contents.count))
        content = file.read_bytes()
    return partial(_save, export.pk, name, content, contents.count)


def _asked(export: Export) -> tuple[str, Contents]:
    """The name of the file of a question, and what it holds; raises `JobError` where there is nothing."""
    try:
        found = records_of(export.team, parse_qs(export.question), timezone.now())
    except TooMany as refusal:
        raise JobError(str(refusal)) from refusal
    part = Part.of(len(found), export.part) if found else None
    if found is None or part is None:
        raise JobError(GONE)
    return name_of(found, part, XLSX), of_records(found, part)


def _frozen(kept: FrozenReport) -> tuple[str, Contents]:
    """The same of a frozen page."""
    return name_of_frozen(kept, XLSX), of_frozen(kept, frozen.contents(kept))


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
