"""What becomes of settled days where quarters of them change: what polls tell is added to their sums, and
anything else takes them away, in the same transaction.

So the day that goes on, and the next one, may be settled too: pages read a few cohorts of it, not each key.
Call these with the team locked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Model

from common.database import bulk
from usage.books.rollups.cohorts import SUMMED, DayRow, QuarterRow, quarters_of
from usage.ledger.grid import ONE_DAY, QUARTER
from usage.ledger.words import moment
from usage.models import Cohort, CohortDay, CohortQuarter, SettledDay

# Each poll asks it, and most teams have none: the ORM would take ten times as long.
ANY = f"SELECT 1 FROM {SettledDay._meta.db_table} WHERE team_id = %s AND day >= %s AND day <= %s LIMIT 1"  # noqa: S608  our own model's name


class Used(NamedTuple):
    """What a meter used more in a quarter than was known before."""

    meter_id: int
    metric: str
    number: int
    model: str
    amount: int


def unsettle(team_id: int, first: int, last: int) -> None:
    """Let pages read the meters of all days of a team that have quarters `first` to `last`."""
    _delete(_days(team_id, first, last))


def add(team_id: int, used: Sequence[Used]) -> None:
    """Add to the sums of a team's settled days; one that is just being summed up is taken away."""
    numbers = [row.number for row in used]
    days = _days(team_id, min(numbers), max(numbers)) if numbers else []
    if not days:
        return
    _delete(day for day in days if not day.is_summed)
    meters = _meters(days)
    quarters, dated = Counter[QuarterRow](), Counter[DayRow]()
    for day in days:
        cohort_of = {meter_id: pk for pk in day.cohorts for meter_id in meters.get(pk, ())}
        for pk, row in _of_day(day, used, cohort_of):
            quarters[QuarterRow(pk, row.metric, row.number, row.model, 0)] += row.amount
            dated[DayRow(pk, row.metric, day.day, row.model, 0)] += row.amount
    _insert(CohortQuarter, QuarterRow, quarters)
    _insert(CohortDay, DayRow, dated)


def _insert[Row: (QuarterRow, DayRow)](model: type[Model], kind: type[Row], sums: Counter[Row]) -> None:
    *unique, amount = kind._fields
    rows = [row._replace(amount=used) for row, used in sorted(sums.items()) if used]
    bulk.insert(model, rows, kind._fields, unique=unique, add=(amount,))


def _days(team_id: int, first: int, last: int) -> list[SettledDay]:
    """The settled days that have some of these quarters, in whatever zone they are days."""
    # A local day is that of UTC, or one beside it.
    around = _date(first - 1) - ONE_DAY, _date(last) + ONE_DAY
    with connection.cursor() as cursor:
        cursor.execute(ANY, [team_id, *around])
        if cursor.fetchone() is None:
            return []
    days = [(day, quarters_of(day)) for day in SettledDay.objects.filter(team=team_id, day__range=around)]
    return [day for day, (start, end) in days if start <= last and first <= end]


def _date(number: int) -> date:
    return moment(number * QUARTER).date()


def _delete(days: Iterable[SettledDay]) -> None:
    if gone := [day.pk for day in days]:
        SettledDay.objects.filter(pk__in=gone).delete()


def _meters(days: Iterable[SettledDay]) -> dict[int, Sequence[int]]:
    """The meters of each cohort of the days that are summed up."""
    cohorts = {pk for day in days if day.is_summed for pk in day.cohorts}
    return dict(Cohort.objects.filter(pk__in=cohorts).values_list("pk", "meters"))


def _of_day(day: SettledDay, used: Iterable[Used], cohort_of: dict[int, int]) -> Iterator[tuple[int, Used]]:
    """What cohorts used on a day."""
    first, last = quarters_of(day)
    for row in used:
        pk = cohort_of.get(row.meter_id)
        if pk is not None and first <= row.number <= last and row.metric in SUMMED:
            yield pk, row
