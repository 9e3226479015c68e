"""Imports are taken in and out by long jobs: an account in each slice, its days and numbers together."""

from functools import partial

from common.jobs.kinds import Progress, Write
from common.models import Job
from teams.models import Team
from usage.imports.jobs import store
from usage.imports.jobs.origin import end, origin_of
from usage.imports.jobs.walk import Walk
from usage.models import Import

TAKE, TAKE_WORDS = "usage.import_take", "Importing history"
UNDO, UNDO_WORDS = "usage.import_undo", "Taking an import back"
DISCARD, DISCARD_WORDS = "usage.import_discard", "Discarding an import"


def take(job: Job) -> Write:
    """One slice of taking in: all days of an account begin to count."""
    return _step(job, Import.State.TAKING)


def undo(job: Job) -> Write:
    """One slice of an undo: an account's days go, and what they had taken the place of is back."""
    return _step(job, Import.State.UNDOING)


def discard(job: Job) -> Write:
    """One slice of throwing away what never counted."""
    return _step(job, Import.State.DISCARDING)


def _step(job: Job, state: Import.State) -> Write:
    origin = origin_of(job, state)
    return partial(_write, job, origin) if origin else lambda: Progress(is_done=True)


def _write(job: Job, origin: Import) -> Progress:
    # Polls of the team wait for this, and it for them: who merges accounts cannot come between.
    Team.objects.select_for_update().get(pk=origin.team_id)
    walk = Walk.of(job, origin)
    if walk.is_over:
        # Accounts that were counted apart meanwhile.
        walk.roots += store.roots_of(origin)
    if walk.is_over:
        _end(origin, walk)
        return walk.progress(is_done=True)
    _do(origin, walk)
    return walk.progress()


def _do(origin: Import, walk: Walk) -> None:
    effect = None
    if root := walk.root:
        if origin.state == Import.State.TAKING:
            effect = store.let_count(origin, root)
        else:
            store.take_out(origin, root)
    walk.go_on(effect)


def _end(origin: Import, walk: Walk) -> None:
    if origin.state == Import.State.TAKING:
        end(origin, Import.State.TAKEN, effect=walk.effect())
    elif origin.state == Import.State.UNDOING:
        end(origin, Import.State.UNDONE)
    else:
        origin.delete()
