"""Which days of a team are summed up by cohorts, and by which: keys of one owner, one project and the same
labels on the day. Where attributes change, days are summed up by others, the newest first.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Count, Min

from common.guard import guarded
from common.models import Chore
from teams.models import Team
from usage.books import past
from usage.books.rollups.cohorts import SUMMED, fingerprint, settle
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading.known import Known
from usage.explore.reading.scope.scope import Days, Part, scope_of
from usage.ledger.grid import ONE_DAY, local_day
from usage.models import Cohort, Meter, SettledDay, TeamQuarter

NAME, EVERY = "settle", timedelta(minutes=10)
BY = (Dimension.OWNER, Dimension.PROJECT, Dimension.LABEL)
# Where so many meters fewer are read, it is worth while.
LEAST_SAVED = 20
# Polls add to a day that is settled before they come: so the next one is.
AHEAD = 2 * ONE_DAY
# Of older days, pages draw weeks and months.
MOST_DAYS = 400
MOST_SECONDS = 20.0

# Meters that belong together.
type Cohorts = Sequence[Sequence[int]]


def run_when_due(now: datetime, seconds: float = MOST_SECONDS) -> int:
    """Settle what is not settled, once in a while whoever asks; return how many days it was."""
    return run(now, seconds) if Chore.objects.claim(NAME, now, EVERY) else 0


def run(now: datetime, seconds: float = MOST_SECONDS) -> int:
    """Settle days for so many seconds; where some are left, go on with the next call. Return how many."""
    until, count = time.monotonic() + seconds, 0
    for team in large_teams():
        with guarded("Summing up the past of team", team.pk):
            past.sum_up_when_due(team, now)
        with guarded("Summing up days of team", team.pk):
            for day, cohorts in unsettled(team, now):
                if time.monotonic() > until:
                    Chore.objects.filter(name=NAME).update(due_at=now)
                    return count
                count += settle(team, day, cohorts)
    return count


def large_teams() -> list[Team]:
    """The teams of so many meters that it may be worth while."""
    counts = Meter.objects.counted().order_by().values("team").annotate(count=Count("pk"))
    return list(
        Team.objects.filter(pk__in=counts.filter(count__gt=LEAST_SAVED).values("team")).order_by("pk")
    )


def unsettled(team: Team, now: datetime) -> Iterator[tuple[date, Cohorts]]:
    """The days of a team that are to be summed up by which cohorts, the newest first."""
    today = team.day_of(now)
    first, last = max(first_day(team), today - MOST_DAYS * ONE_DAY), today + AHEAD
    if first >= last:
        return
    known, spans = settled_by(team), list(cohorts_within(team, (first, last)))
    for since, until, cohorts in reversed(spans):
        if sum(len(meters) - 1 for meters in cohorts) < LEAST_SAVED:
            continue
        names = frozenset(map(fingerprint, cohorts))
        for number in range((until - since).days, 0, -1):
            day = since + (number - 1) * ONE_DAY
            if known.get(day) != names:
                yield day, cohorts


def first_day(team: Team) -> date:
    """The first day of which a team has numbers; the last of all days without any."""
    numbers = (
        TeamQuarter.objects.filter(team=team, metric=metric).aggregate(first=Min("number"))["first"]
        for metric in SUMMED
    )
    found = [number for number in numbers if number is not None]
    return local_day(min(found), team.zone) if found else date.max


def settled_by(team: Team) -> dict[date, frozenset[str]]:
    """The days that are summed up in the team's zone, and by which cohorts."""
    names = dict(Cohort.objects.filter(team=team).values_list("pk", "fingerprint"))
    days = SettledDay.objects.filter(team=team, time_zone=team.time_zone, is_summed=True)
    return {
        day: frozenset(names[pk] for pk in cohorts) for day, cohorts in days.values_list("day", "cohorts")
    }


def cohorts_within(team: Team, days: Days) -> Iterator[tuple[date, date, Cohorts]]:
    """(first, last, the cohorts) of the days [first, last) on which nobody's attributes change, in order."""
    known = Known(team)
    parts = scope_of(known.attributes, known.meters, BY, (), days).parts
    changes = {part.first for part in parts if days[0] < part.first < days[1]}
    for first, last in pairwise(sorted({*days, *changes})):
        yield first, last, cohorts_on(parts, first)


def cohorts_on(parts: Sequence[Part], day: date) -> Cohorts:
    """The meters that count in the same groups on a day, those of which there are several."""
    meters: dict[tuple[SeriesId, ...], list[int]] = defaultdict(list)
    for part in parts:
        if part.first <= day < part.last:
            meters[part.groups] += part.meters
    return [each for each in meters.values() if len(each) > 1]
