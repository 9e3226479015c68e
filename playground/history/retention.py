"""Forget prompts and answers that are older than their team keeps them."""

from datetime import datetime, timedelta

from common.guard import guarded
from common.models import Chore
from playground.history.erasing import BATCH, clear_half_erased, erase_all
from playground.models import ENDED_STATES, Run
from teams.models import Team

NAME = "forget"
EVERY = timedelta(days=1)
# A claim whose process died is free again after this.
LEASE = timedelta(minutes=10)
# One claim forgets so many runs at most, well within a task's time limit; the rest waits for the next one.
MOST_BATCHES = 50


def forget_due(now: datetime) -> int:
    """Forget what is due, if nobody else does, and tell how many runs that were."""
    if not Chore.objects.claim(NAME, now, LEASE, longest=EVERY):
        return 0
    clear_half_erased()
    count = 0
    for _ in range(MOST_BATCHES):
        batch = forget_batch(now)
        count += batch
        if batch == 0:
            Chore.objects.filter(name=NAME).update(due_at=now + EVERY)
            break
    return count


def forget_batch(now: datetime) -> int:
    """Forget some of the oldest runs, in one transaction; 0 means that none are left."""
    for team in Team.objects.filter(keep_prompts_days__gt=0):
        with guarded("Forgetting old prompts of team", team.pk):
            if count := forget_some(team, now):
                return count
    return 0


def forget_some(team: Team, now: datetime) -> int:
    """Forget some of a team's oldest runs, in one transaction; return how many those were."""
    before = now - timedelta(days=team.keep_prompts_days)
    old = Run.objects.for_team(team).filter(state__in=ENDED_STATES, created_at__lt=before)
    oldest = old.order_by("created_at", "pk").values_list("pk", flat=True)[:BATCH]
    return erase_all(Run.objects.filter(pk__in=list(oldest)), now)
