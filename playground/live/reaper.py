"""End the runs whose web process went away; what had arrived is kept, and counted as spent."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from playground.live.estimates import estimated
from playground.live.outcomes import ended_by_us, store
from playground.live.requests import contents_of
from playground.live.shared import recovery
from playground.live.spending import Spender
from playground.models import Run, RunQuerySet, RunState, StopCause
from usage.quota.limiter import settle

LOST_PROCESS = "The server that carried out this run went away. What had arrived is kept."


def reap(runs: RunQuerySet, now: datetime) -> int:
    """End those of these runs that are lost at `now`, and tell how many there were."""
    runs.shorten_leases(now)
    return sum(reap_one(run, now) for run in runs.lost(now))


def reap_one(run: Run, now: datetime) -> bool:
    """End one lost run, unless it was ended, or came back, since it was read; tell whether this ended it."""
    text = recovery.longest_text(settings.REDIS_URL, run.pk, run.answer)
    spent = estimated(contents_of(run), text) if text or run.state == RunState.RUNNING else None
    lost = ended_by_us(RunState.INTERRUPTED, StopCause.SERVER_LOST, LOST_PROCESS)
    outcome = replace(lost, answer=text, tokens=spent, finished_at=now)
    with transaction.atomic():
        if not store(Run.objects.filter(pk=run.pk).lost(now), outcome):
            return False
        Spender.of(run).record(outcome)
        if run.key_id:
            settle(run.key_id, run.pk)
    recovery.forget(settings.REDIS_URL, run.pk)
    return True
