"""Forget prompts and answers that are older than their team keeps them."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from common.guard import guarded
from common.models import Chore
from playground.history.erasing import BATCH, clear_half_erased, erase_all
from playground.models import ENDED_STATES, Draft, DraftState, RawLines, Run
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
    forget_drafts(now)
    has_more = forget_raw_lines(now)
    count = 0
    for _ in range(MOST_BATCHES):
        batch = forget_batch(now)
        count += batch
        if batch == 0:
            if not has_more:
                Chore.objects.filter(name=NAME).update(due_at=now + EVERY)
            break
    return count


def teams_that_forget() -> QuerySet[Team]:
    """Return the teams that keep words for a time only."""
    return Team.objects.filter(keep_prompts_days__gt=0)


def oldest_kept(team: Team, now: datetime) -> datetime:
    """Return when what a team still keeps was written at the earliest."""
    return now - timedelta(days=team.keep_prompts_days)


def forget_drafts(now: datetime) -> None:
    """Forget drafts that nobody has touched for as long as their team keeps prompts, and states as old."""
    for team in teams_that_forget().filter(drafts__isnull=False).distinct():
        oldest = oldest_kept(team, now)
        Draft.objects.filter(team=team, saved_at__lt=oldest).delete()
        DraftState.objects.filter(draft__team=team, saved_at__lt=oldest).delete()


def forget_raw_lines(now: datetime) -> bool:
    """Forget raw lines that are older than their team keeps them, some at a time; tell if any are left."""
    days = Team.objects.filter(keep_raw_lines_days__gt=0).values_list("keep_raw_lines_days", flat=True)
    for number in days.distinct():
        old = RawLines.objects.older_than(number, now)
        for _ in range(MOST_BATCHES):
            RawLines.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()
            if not old.exists():
                break
        else:
            return True
    return False


def forget_batch(now: datetime) -> int:
    """Forget some of the oldest runs, in one transaction; 0 means that none are left."""
    for team in teams_that_forget():
        with guarded("Forgetting old prompts of team", team.pk):
            if count := forget_some(team, now):
                return count
    return 0


def forget_some(team: Team, now: datetime) -> int:
    """Forget some of a team's oldest runs, in one transaction; return how many those were."""
    ended = Run.objects.for_team(team).filter(state__in=ENDED_STATES)
    old = ended.filter(created_at__lt=oldest_kept(team, now))
    oldest = old.order_by("created_at", "pk").values_list("pk", flat=True)[:BATCH]
    return erase_all(Run.objects.filter(pk__in=list(oldest)), now)
