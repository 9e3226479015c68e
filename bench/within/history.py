"""Years of history: rollup rows, billing periods and annotations as the fold leaves them, written directly.

Folding three years of polls would take hours. The newest polls go through the real fold, so that meters,
series and today's rows are its own. Each key is used two hours a day and watched all day. Raw polls and
knots are not made: no page reads them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from django.db import connection, transaction

from bench.within import keys, people
from bench.within.answers import INTERVAL, MODELS, rounds
from common.database import bulk
from teams.models import Team
from usage.books.ingest import store
from usage.books.rollups.rollup import (
    DayRow,
    QuarterRow,
    TeamDayRow,
    TeamQuarterRow,
    insert_quarters,
    save_days,
)
from usage.ledger import COVERAGE, METRICS, REQUESTS, TOKENS, Event, Quality
from usage.ledger.words import DAY, SECOND, microseconds
from usage.models import Annotation, Meter, Period, Series, TeamDay, TeamQuarter

QUARTERS_A_DAY = 96
QUARTER = 900 * SECOND
LEAST = {TOKENS: 97, REQUESTS: 1}
PERIOD, YEAR = timedelta(days=30), timedelta(days=364)
# Every meter uses the same: the database copies it, faster than anything could write it.
COPY = """
    INSERT INTO {table} (series_id, {on}, opening, value)
    SELECT other.id, row.{on}, row.opening, row.value
    FROM usage_series mine
    JOIN usage_series other ON other.metric = mine.metric AND other.model = mine.model AND other.id <> mine.id
    JOIN {table} row ON row.series_id = mine.id
    WHERE mine.meter_id = %s AND row.{on} < %s
"""


@transaction.atomic
def build(count: str, days: str, in_quarters: str = "", base_url: str = "http://127.0.0.1:9/v1") -> None:
    """Make a team with so many keys of a server and so many days of history before today; with the quarters
    of all days, or of the last ones and of as many a year before them only, for pages that read no others.
    """
    people.found()
    keys.add(count, base_url)
    meters = list(Meter.objects.values_list("pk", flat=True))
    now = datetime.now(UTC)
    today = now.date()
    # Their period begins an interval earlier, and all of it is of today, also just after midnight.
    begin = max(now - 3 * INTERVAL, datetime.combine(today, datetime.min.time(), UTC) + INTERVAL)
    for answers in rounds(meters, begin, 2):
        store(answers)
    ensure_coverage(meters)
    past = days_before(today, int(days))
    fine = in_quarters_of(past, int(in_quarters or days))
    courses = {metric: course(metric, past, fine) for metric in (*METRICS, COVERAGE)}
    fill_meter(meters[0], courses)
    copy_to_others(meters[0])
    fill_team(Team.objects.get().pk, len(meters), past)
    fill_periods(meters, past[0])
    watched_from = datetime.combine(past[0], datetime.min.time(), UTC)
    Meter.objects.update(watched_from=watched_from, created_at=watched_from)


def ensure_coverage(meters: list[int]) -> None:
    """Give each meter a series of measured time, where the first polls made none."""
    measured = Series.objects.filter(metric=COVERAGE, model=Quality.MEASURED)
    missing = set(meters).difference(measured.values_list("meter_id", flat=True))
    Series.objects.bulk_create(
        Series(meter_id=meter_id, model=Quality.MEASURED, metric=COVERAGE) for meter_id in missing
    )


def quarters(day: date, metric: str) -> range:
    """Return the numbers of the quarters of a day in which a series of the metric moves."""
    first = (day - date(1970, 1, 1)).days * QUARTERS_A_DAY + 1
    return range(first, first + QUARTERS_A_DAY) if metric == COVERAGE else range(first + 36, first + 44)


def amount(metric: str, number: int) -> int:
    """Return what one key uses of a model in a quarter, no two alike; of time, the whole quarter."""
    return QUARTER if metric == COVERAGE else LEAST[metric] * (1 + number * 7919 % 997)


class Course(NamedTuple):
    """What every series of a metric rises by: (number, opening, value) of quarters, (day, …) of days."""

    quarters: list[tuple[int, int, int]]
    days: list[tuple[date, int, int]]


def days_before(today: date, count: int) -> list[date]:
    """Return so many days before today, the oldest first."""
    return [today - timedelta(days=number) for number in range(count, 0, -1)]


def in_quarters_of(past: list[date], count: int) -> set[date]:
    """Return the last days, so many, and those of the same weekdays a year before."""
    last = past[-count:]
    return {*last, *(day - YEAR for day in last)}.intersection(past)


def course(metric: str, past: list[date], fine: set[date]) -> Course:
    """Return the days of a series of a metric, and the quarters of some of them."""
    moves = [(day, number, amount(metric, number)) for day in past for number in quarters(day, metric)]
    ends = list(accumulate(moved for _, _, moved in moves))
    told = zip(moves, ends, strict=True)
    in_quarters = [(number, end - moved, end) for (day, number, moved), end in told if day in fine]
    closings = {day: end for (day, _, _), end in zip(moves, ends, strict=True)}
    openings = [0, *closings.values()]
    days = zip(openings, closings.items(), strict=False)
    return Course(in_quarters, [(day, opening, end) for opening, (day, end) in days])


def fill_meter(meter_id: int, courses: Mapping[str, Course]) -> None:
    """Write the rollups of one meter's series."""
    for pk, metric, model in Series.objects.filter(meter=meter_id).values_list("pk", "metric", "model"):
        if (metric == COVERAGE and model != Quality.MEASURED) or (metric != COVERAGE and model not in MODELS):
            continue
        insert_quarters(QuarterRow(pk, *row) for row in courses[metric].quarters)
        save_days(DayRow(pk, *row) for row in courses[metric].days)


def copy_to_others(meter_id: int) -> None:
    """Write the same of every other meter: all but today, of which each has its own."""
    today = datetime.now(UTC).date()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Millions of rows whose series are there: at the end it would look for each.
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(COPY.format(table="usage_day", on="day"), [meter_id, today])
        cursor.execute(
            COPY.format(table="usage_quarter", on="number"), [meter_id, quarters(today, COVERAGE)[0]]
        )


def fill_team(team_id: int, meters: int, past: list[date]) -> None:
    """Write what the whole team used, in quarters and days."""
    sums: Counter[tuple[str, date, str]] = Counter()

    def rows() -> Iterator[TeamQuarterRow]:
        for day in past:
            for metric, model in lines():
                for number in quarters(day, metric):
                    used = meters * amount(metric, number)
                    sums[metric, day, model] += used
                    yield TeamQuarterRow(team_id, metric, number, model, used)

    bulk.insert(TeamQuarter, rows(), TeamQuarterRow._fields)
    days = (TeamDayRow(team_id, metric, day, model, used) for (metric, day, model), used in sums.items())
    bulk.insert(TeamDay, days, TeamDayRow._fields)


def lines() -> list[tuple[str, str]]:
    """Return the series that a team has: (metric, model)."""
    return [(metric, model) for metric in METRICS for model in MODELS] + [(COVERAGE, Quality.MEASURED)]


def fill_periods(meters: list[int], first: date) -> None:
    """Write closed billing periods of 30 days since `first`, and the rollover after each."""
    begin, now = datetime.combine(first, datetime.min.time(), UTC), datetime.now(UTC)
    starts = [begin + number * PERIOD for number in range((now - begin) // PERIOD)]
    periods, notes = [], []
    for meter_id in meters:
        for start in starts:
            at, end = microseconds(start), microseconds(start + PERIOD)
            periods.append(Period(meter_id=meter_id, start=at, end=end, last_at=end - SECOND))
            notes.append(
                Annotation(meter_id=meter_id, event=Event.ROLLOVER, since=end - SECOND, at=end + DAY // 288)
            )
    Period.objects.bulk_create(periods, batch_size=500, ignore_conflicts=True)
    Annotation.objects.bulk_create(notes, batch_size=500)
