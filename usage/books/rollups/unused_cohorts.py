"""Cohorts by which no day is summed up any more: some time later their rows are thrown away."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Max, Min

from common.guard import guarded
from teams.models import Team
from usage.models import Cohort, CohortDay, CohortQuarter, SettledDay

# Pages that were opened while a day named a cohort read it yet.
KEPT = timedelta(hours=1)
# Quarters of a cohort that one transaction deletes.
AT_ONCE = 480


def prune(now: datetime) -> int:
    """Mark the cohorts that no day names, and throw away those that were marked before; return how many rows
    went.
    """
    gone = 0
    for team_id in Cohort.objects.order_by("team").values_list("team", flat=True).distinct():
        with guarded("Throwing away unused cohorts of team", team_id):
            gone += sum(map(_delete, _marked(team_id, now)))
    return gone


@transaction.atomic
def _marked(team_id: int, now: datetime) -> list[models.QuerySet[Cohort]]:
    """Mark a team's cohorts that are not used since now; return each that was marked long enough ago."""
    Team.objects.select_for_update().get(pk=team_id)
    mine = Cohort.objects.filter(team=team_id)
    named = SettledDay.objects.filter(team=team_id).values_list("cohorts", flat=True)
    used = {pk for cohorts in named for pk in cohorts}
    unused = set(mine.values_list("pk", flat=True)) - used
    mine.filter(pk__among=list(used)).update(unused_since=None)
    mine.filter(pk__among=list(unused), unused_since=None).update(unused_since=now)
    old = mine.filter(unused_since__lte=now - KEPT)
    return [old.filter(pk=pk) for pk in old.values_list("pk", flat=True)]


def _delete(cohort: models.QuerySet[Cohort]) -> int:
    """Throw one away with its rows, some at a time, until a day is summed up by it again."""
    gone, found = 0, cohort.get()
    for rows in (*_parts(found.pk), cohort):
        with transaction.atomic():
            Team.objects.select_for_update().get(pk=found.team_id)
            if not cohort.exists():
                break
            gone += rows.delete()[0]
    return gone


def _parts(pk: int) -> Iterator[models.QuerySet[CohortQuarter] | models.QuerySet[CohortDay]]:
    """All rows of a cohort, cut by time."""
    quarters = CohortQuarter.objects.filter(cohort=pk)
    ends = quarters.aggregate(first=Min("number"), last=Max("number"))
    for first in range(ends["first"] or 0, (ends["last"] or -1) + 1, AT_ONCE):
        yield quarters.filter(number__gte=first, number__lt=first + AT_ONCE)
    yield CohortDay.objects.filter(cohort=pk)
