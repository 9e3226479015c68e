"""Days summed up by cohorts: meters that pages ask for together.

Pages may read a cohort's rows of a day in place of its meters' where that day is settled, and only there. Who
changes a quarter of a day adds the same to it or takes it away (`settled_days`), in the same transaction;
then the day is summed up again, some minutes later, and pages read its meters until then. So nothing here
needs to be right at once, and all of it can be thrown away at any time.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import batched
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from common.database import bulk
from teams.models import Team
from usage.ledger import COVERAGE, METRICS
from usage.ledger.grid import ONE_DAY, day_start, quarter_number
from usage.models import Cohort, CohortDay, CohortQuarter, Quarter, Series, SettledDay

# What is summed up; of anything else pages ask the meters.
SUMMED = (*METRICS, COVERAGE)
# Rows that one transaction writes: some 30 ms of SQLite's write lock.
ROWS = 4_000


class QuarterRow(NamedTuple):
    """What a cohort used in a quarter."""

    cohort_id: int
    metric: str
    number: int
    model: str
    amount: int


class DayRow(NamedTuple):
    """What a cohort used on a day."""

    cohort_id: int
    metric: str
    day: date
    model: str
    amount: int


def settle(team: Team, day: date, cohorts: Sequence[Sequence[int]]) -> bool:
    """Sum up a day of a team by cohorts of meters; tell whether it is settled now.

    The sums are made without a lock. They count if nothing changed a quarter of the day meanwhile.
    """
    settled = _begin(team.pk, day, cohorts)
    for some in batched(changes(settled), ROWS, strict=False):
        if not _write(settled, some, is_last=False):
            return False
    return _write(settled, (), is_last=True)


@transaction.atomic
def _begin(team_id: int, day: date, cohorts: Sequence[Sequence[int]]) -> SettledDay:
    """Say that a day is being summed up."""
    team = Team.objects.select_for_update().get(pk=team_id)
    named = {fingerprint(meters): sorted(meters) for meters in cohorts}
    new = [Cohort(team=team, fingerprint=name, meters=meters) for name, meters in named.items()]
    Cohort.objects.bulk_create(new, ignore_conflicts=True)
    mine = Cohort.objects.filter(team=team, fingerprint__in=named).order_by("pk")
    # None of them is thrown away from now on.
    mine.exclude(unused_since=None).update(unused_since=None)
    SettledDay.objects.filter(team=team, day=day).delete()
    ids = list(mine.values_list("pk", flat=True))
    return SettledDay.objects.create(team=team, day=day, time_zone=team.time_zone, cohorts=ids)


@transaction.atomic
def _write(settled: SettledDay, rows: Sequence[QuarterRow | DayRow], *, is_last: bool) -> bool:
    """Write some of a day's sums, or that these were the last; tell whether they still count."""
    Team.objects.select_for_update().get(pk=settled.team_id)
    mine = SettledDay.objects.filter(pk=settled.pk)
    if not mine.exists():
        return False
    for model, kind in ((CohortQuarter, QuarterRow), (CohortDay, DayRow)):
        *unique, amount = kind._fields
        some = [row for row in rows if isinstance(row, kind)]
        bulk.insert(model, some, kind._fields, unique=unique, replace=(amount,))
    if is_last:
        mine.update(is_summed=True)
    return True


def fingerprint(meters: Collection[int]) -> str:
    """What names some meters, whatever their order."""
    return sha256(",".join(map(str, sorted(meters))).encode()).hexdigest()


def changes(settled: SettledDay) -> list[QuarterRow | DayRow]:
    """The rows that differ from what the meters of a day's cohorts used. One that is no more becomes nothing
    and stays: pages may be reading it.
    """
    quarters, days = sums(settled), Counter[DayRow]()
    for row, used in quarters.items():
        days[DayRow(row.cohort_id, row.metric, settled.day, row.model, 0)] += used
    mine = {"cohort__in": settled.cohorts, "metric__in": SUMMED}
    numbered = CohortQuarter.objects.filter(**mine, number__range=quarters_of(settled))
    dated = CohortDay.objects.filter(**mine, day=settled.day)
    return [
        *_changed(_stored(QuarterRow, numbered), quarters),
        *_changed(_stored(DayRow, dated), days),
    ]


def sums(settled: SettledDay) -> Counter[QuarterRow]:
    """What the meters of a day's cohorts used by quarter: {row without an amount: amount}."""
    first, last = quarters_of(settled)
    found = Counter[QuarterRow]()
    for cohort in Cohort.objects.filter(pk__in=settled.cohorts):
        series = Series.objects.of_meters(cohort.meters).filter(metric__in=SUMMED)
        rows = Quarter.objects.filter(
            series_id__among=list(series.values_list("pk", flat=True)), number__gte=first, number__lte=last
        )
        groups = rows.values_list("series__metric", "number", "series__model")
        for metric, number, model, used in groups.annotate(used=Sum(F("value") - F("opening"))):
            found[QuarterRow(cohort.pk, metric, number, model, 0)] = int(used)
    return found


def _stored[Row: (QuarterRow, DayRow)](kind: type[Row], rows: QuerySet[Any]) -> Counter[Row]:
    return Counter({kind._make((*key, 0)): amount for *key, amount in rows.values_list(*kind._fields)})


def _changed[Row: (QuarterRow, DayRow)](stored: Counter[Row], used: Counter[Row]) -> Iterator[Row]:
    for row in {**stored, **used}:
        if stored[row] != used[row]:
            yield row._replace(amount=used[row])


def quarters_of(settled: SettledDay) -> tuple[int, int]:
    """The first quarter of a settled day and its last."""
    zone = ZoneInfo(settled.time_zone)
    start, end = day_start(settled.day, zone), day_start(settled.day + ONE_DAY, zone)
    return quarter_number(start + 1), quarter_number(end)


def differ(team: Team) -> bool:
    """Tell whether any settled day of a team is not what its meters used."""
    return any(changes(settled) for settled in SettledDay.objects.filter(team=team, is_summed=True))
