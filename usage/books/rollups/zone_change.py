"""A team moves to another time zone: its days are written again, slice by slice, by a long job.

Quarters do not depend on the zone and stay as they are; days are made of them. The first slice writes into
the team's calendar that days are of the new zone now, and incomplete: pages read quarters until the last
slice says that they are complete, so nobody sees a day of two zones. Polls that come meanwhile write days of
the new zone. Where the job has been that is right; where it has not been yet, it throws away what it finds
and writes the days whole. Each slice holds the team's lock and reads `ROWS` quarters at most. Where the team
moves on before the end, the job begins anew in the zone of then.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Min, Q, QuerySet

from common import jobs
from common.database import bulk
from common.guard import guarded
from common.jobs.kinds import Progress, Write
from common.models import Job
from teams.jobs import scope_of, team_of
from teams.models import Team
from usage.books.rollups import rollup
from usage.books.rollups.rollup import DayRow, QuarterRow, TeamDayRow, local_day
from usage.ledger.grid import ONE_DAY, day_start, quarter_number
from usage.models import Calendar, Day, Quarter, Series, TeamDay, TeamQuarter

KIND, WORDS = "usage.zone_change", "Writing the days anew in the team's time zone"
# What one slice reads: some 30 ms of SQLite's write lock.
ROWS = 4_000
SERIES_AT_ONCE = 50

type Place = dict[str, Any]


def start(team: Team, by: str = "", by_id: object = "") -> bool:
    """Begin to write a team's days in its present zone where they are of another; tell whether it was begun.

    Where a job is at it already, that goes on in the new zone.
    """
    if not Calendar.objects.stale().filter(team=team).exists():
        return False
    return jobs.start(KIND, scope_of(team), {}, by=by, by_id=by_id)[1]


def start_stale() -> None:
    """Begin for every team whose days are of another zone, whoever changed it, and where none has failed."""
    for team in Team.objects.filter(calendar__in=Calendar.objects.stale()):
        with guarded("Beginning to write the days anew of team", team.pk):
            if not Job.objects.of(scope_of(team), KIND).pending().exists():
                start(team)


def step(job: Job) -> Write:
    """One slice: begin, or days of some series, or days of the team, or the end."""
    total = job.total
    if total is None:
        team_id = team_of(job)
        total = Quarter.objects.filter(series__meter__team=team_id).count()
        total += TeamQuarter.objects.filter(team=team_id).count()
    return partial(write, job, total)


def write(job: Job, total: int) -> Progress:
    """Do one slice, with the team locked."""
    team = Team.objects.select_for_update().filter(pk=team_of(job)).first()
    if team is None:
        return Progress(is_done=True)
    place = job.place
    # "line" is of an older version, whose metrics had numbers.
    if place.get("zone") != team.time_zone or "line" in place:
        return begin(team, total)
    if "series" in place:
        read, place = days_of_series(team, place)
    elif place["metric"] is not None:
        read, place = days_of_team(team, place)
    else:
        return finish(team, job)
    done = job.done + read
    return Progress(place, done, max(total, done))


def begin(team: Team, total: int) -> Progress:
    """Say which zone days are of from now on."""
    if not Calendar.objects.stale().filter(team=team).exists():
        return Progress(done=total, total=total, is_done=True)
    Calendar.objects.filter(team=team).update(time_zone=team.time_zone, is_complete=False)
    return Progress({"zone": team.time_zone, "series": 0, "number": 0}, 0, total)


def finish(team: Team, job: Job) -> Progress:
    """Let pages read days again."""
    Calendar.objects.filter(team=team).update(is_complete=True)
    Team.objects.filter(pk=team.pk).update(generation=F("generation") + 1)
    return Progress(job.place, job.done, job.done, is_done=True)


def days_of_series(team: Team, place: Place) -> tuple[int, Place]:
    """Write days of the next quarters of the team's series; return how many they were, and the next place.

    The place is the end of the last day that was done of a series, since polls add to that day themselves;
    the series after it come next.
    """
    at, number = place["series"], place["number"]
    mine = Series.objects.filter(meter__team=team, pk__gte=at).order_by("pk")
    series = list(mine.values_list("pk", flat=True)[:SERIES_AT_ONCE])
    if not series:
        return 0, {"zone": place["zone"], "metric": metric_after(team, ""), "number": 0}
    later = Q(series_id=at, number__gt=number) | Q(series_id__gt=at)
    quarters = Quarter.objects.filter(later, series_id__in=series).order_by("series_id", "number")
    rows = list(quarters.values_list(*QuarterRow._fields)[:ROWS])
    is_cut = len(rows) == ROWS
    if is_cut:
        pk, first, *_ = rows[0]
        rows = without_last(rows, lambda row: (row[0], local_day(row[1], team.zone)))
        rows = rows or whole_day(quarters.filter(series=pk), first, team.zone, QuarterRow._fields)
    last, reached = (rows[-1][0], day_end(rows[-1][1], team.zone)) if is_cut else (series[-1], None)
    since = local_day(number, team.zone) if number else None
    for pk in (pk for pk in series if pk <= last):
        until = local_day(reached, team.zone) if pk == last and reached else None
        Day.objects.filter(within(since if pk == at else None, until), series=pk).delete()
    rollup.save_days(
        DayRow(pk, local_day(quarter, team.zone), opening, value) for pk, quarter, opening, value in rows
    )
    where = {"series": last, "number": reached} if reached else {"series": last + 1, "number": 0}
    return len(rows), {"zone": place["zone"], **where}


def metric_after(team: Team, metric: str) -> str | None:
    """The first metric of a team's sums after one, in order of their names; None after the last.

    There is one for each currency. One that appears meanwhile may be passed over: its days are written in the
    new zone from the first on.
    """
    later: str | None = TeamQuarter.objects.filter(team=team, metric__gt=metric).aggregate(m=Min("metric"))[
        "m"
    ]
    return later


def days_of_team(team: Team, place: Place) -> tuple[int, Place]:
    """Write the team's days of a metric's next quarters; return how many they were, and the next place."""
    metric, number = place["metric"], place["number"]
    quarters = TeamQuarter.objects.filter(team=team, metric=metric, number__gt=number).order_by("number")
    columns = ("number", "model", "amount")
    rows = list(quarters.values_list(*columns)[:ROWS])
    is_cut = len(rows) == ROWS
    if is_cut:
        first = rows[0][0]
        rows = without_last(rows, lambda row: local_day(row[0], team.zone))
        rows = rows or whole_day(quarters, first, team.zone, columns)
    until = local_day(rows[-1][0], team.zone) if is_cut else None
    since = local_day(number, team.zone) if number else None
    TeamDay.objects.filter(within(since, until), team=team, metric=metric).delete()
    sums: Counter[tuple[date, str]] = Counter()
    for quarter, model, amount in rows:
        sums[local_day(quarter, team.zone), model] += amount
    days = [TeamDayRow(team.pk, metric, *of, amount) for of, amount in sorted(sums.items()) if amount]
    bulk.insert(TeamDay, days, TeamDayRow._fields)
    reached = day_end(rows[-1][0], team.zone) if is_cut else None
    if not reached:
        metric = metric_after(team, metric)
    return len(rows), {"zone": place["zone"], "metric": metric, "number": reached or 0}


def without_last[Item](rows: Sequence[Item], name: Callable[[Item], object]) -> list[Item]:
    """Leave out the last rows that have one name: of their day there may be more."""
    last = name(rows[-1])
    return [row for row in rows if name(row) != last]


def within(since: date | None, until: date | None) -> Q:
    """The days after one and up to another; None is no bound."""
    after = Q() if since is None else Q(day__gt=since)
    return after if until is None else after & Q(day__lte=until)


def whole_day(rows: QuerySet[Any], number: int, zone: ZoneInfo, columns: Sequence[str]) -> list[Any]:
    """The rows of the local day that a quarter is of, however many they are: 200 models in 100 quarters."""
    return list(rows.filter(number__lte=day_end(number, zone)).values_list(*columns))


def day_end(number: int, zone: ZoneInfo) -> int:
    """The last quarter of the local day that a quarter is of."""
    return quarter_number(day_start(local_day(number, zone) + ONE_DAY, zone))
