"""End the runs whose web process went away; what had arrived is kept, and counted as spent."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from common.guard import guarded
from playground.live.ends import forget_continuations
from playground.live.outcome.estimates import estimated
from playground.live.outcome.outcomes import ended_by_us, store
from playground.live.outcome.spending import Spender
from playground.live.progress import Progress
from playground.live.runner import runner
from playground.live.shared import recovery
from playground.models import Run, RunQuerySet, RunState, StopCause
from playground.requests import contents_of
from playground.search import index
from usage.quota.limiter import is_held, settle

LOST_PROCESS = "The server that carried out this run went away. What had arrived is kept."


def reap(runs: RunQuerySet, now: datetime) -> int:
    """End those of these runs that are lost at `now`, and tell how many there were."""
    runs.shorten_leases(now)
    ended = 0
    # A process that could not renew its leases for a while has not lost its own runs.
    for run in runs.lost(now).exclude(pk__in=list(runner.live)):
        with guarded("Ending lost run", run.pk):
            ended += reap_one(run, now)
    return ended


def reap_one(run: Run, now: datetime) -> bool:
    """End one lost run, unless it was ended, or came back, since it was read; tell whether this ended it."""
    left = recovery.with_what_is_left(settings.REDIS_URL, Progress.saved(run))
    lost = ended_by_us(RunState.INTERRUPTED, StopCause.SERVER_LOST, LOST_PROCESS)
    lost = replace(lost, request_id=left.request_id, finished_at=now, **left.texts())
    is_spent = lost.written or was_sent(run)
    guessed = estimated(contents_of(run), lost.written) if is_spent else None
    outcome = replace(lost, tokens=left.tokens or guessed)
    with transaction.atomic():
        if not store(Run.objects.filter(pk=run.pk).lost(now), outcome):
            return False
        forget_continuations(run.pk)
        Spender.of(run).record(outcome, corrects=True)
        index.put(Run.objects.filter(pk=run.pk))
        if run.key_id:
            settle(run.key_id, run.pk)
    recovery.forget(settings.REDIS_URL, run.pk)
    return True


def was_sent(run: Run) -> bool:
    """Tell whether the API was asked, although nothing of its answer is known.

    The place within the key's limits is taken as the run is written, in the moment before it is sent; that it
    is running is written later.
    """
    return run.state == RunState.RUNNING or bool(run.key_id and is_held(run.key_id, run.pk))
