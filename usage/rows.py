"""Where the numbers of a chart come from: whole local days where they do, quarters of an hour elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, Sum

from teams.models import Team
from usage.calendar import is_current
from usage.ledger import COVERAGE
from usage.ledger.grid import QUARTER, day_start, quarter_number
from usage.ledger.words import moment
from usage.models import Day, Meter, Quarter, TeamDay, TeamQuarter

BY_MODEL, BY_KEY = "model", "key"

# Below so many days quarters are read even where days would do: the rows are few.
LEAST_DAYS = 3

# (start of the row in microseconds, metric, name, amount)
type Row = tuple[int, str, str, int]
type Span = tuple[int, int]


def rows(team: Team, marks: Sequence[int], metric: str, group: str) -> Iterator[Row]:
    """Every rollup row of a metric, and of the time watched, from the first mark to the last.

    Marks are microseconds, ascending; no row crosses one that stands on a quarter of an hour.
    """
    yield from team_rows(team, marks, [COVERAGE] if group == BY_KEY else [metric, COVERAGE])
    if group == BY_KEY:
        yield from _key_rows(team, marks, metric)


def team_rows(team: Team, marks: Sequence[int], metrics: Sequence[str]) -> Iterator[Row]:
    """The rollup rows of some metrics, summed over the team's keys; two queries at most."""
    days, spans = _split(team, marks)
    if days:
        found = TeamDay.objects.filter(team=team, metric__in=metrics, day__gte=days[0], day__lt=days[1])
        for day, kind, name, amount in found.values_list("day", "metric", "model", "amount"):
            yield day_start(day, team.zone), kind, name, amount
    if spans:
        quarters = TeamQuarter.objects.filter(_within(spans), team=team, metric__in=metrics)
        for number, kind, name, amount in quarters.values_list("number", "metric", "model", "amount"):
            yield (number - 1) * QUARTER, kind, name, amount


def _key_rows(team: Team, marks: Sequence[int], metric: str) -> Iterator[Row]:
    names = meter_names(team)
    days, spans = split(marks, team.zone)
    used = Sum(F("value") - F("opening"))
    mine = {"series__meter__team": team, "series__metric": metric}
    if days:
        found = Day.objects.filter(**mine, day__gte=days[0], day__lt=days[1])
        for day, meter_id, amount in found.values_list("day", "series__meter_id").annotate(used=used):
            yield day_start(day, team.zone), metric, names[meter_id], amount
    if spans:
        quarters = Quarter.objects.filter(_within(spans), **mine)
        for number, meter_id, amount in quarters.values_list("number", "series__meter_id").annotate(
            used=used
        ):
            yield (number - 1) * QUARTER, metric, names[meter_id], amount


def meter_names(team: Team) -> dict[int, str]:
    """A name for each meter of a team, no two alike."""
    names: dict[int, str] = {}
    for meter in Meter.objects.for_team(team).select_related("key"):
        name = meter.key.name if meter.key else meter.name
        names[meter.pk] = name if name not in names.values() else f"{name} ({meter.pk})"
    return names


def _within(spans: Sequence[Span]) -> Q:
    condition = Q()
    for start, end in spans:
        condition |= Q(number__gte=quarter_number(start + 1), number__lte=quarter_number(end))
    return condition


def _split(team: Team, marks: Sequence[int]) -> tuple[tuple[date, date] | None, list[Span]]:
    """Days are read only where they are written in the team's zone; quarters are always right."""
    days, spans = split(marks, team.zone)
    if days and is_current(team):
        return days, spans
    return None, [(marks[0], marks[-1])]


def split(marks: Sequence[int], zone: ZoneInfo) -> tuple[tuple[date, date] | None, list[Span]]:
    """The local days [first, last) that no mark divides, and the spans beside them to read from quarters."""
    start, end = marks[0], marks[-1]
    first, last = first_day_from(start, zone), local_date(end, zone)
    divided = any(day_start(local_date(mark, zone), zone) != mark for mark in marks[1:-1])
    if divided or (last - first).days < LEAST_DAYS:
        return None, [(start, end)]
    spans = [(start, day_start(first, zone)), (day_start(last, zone), end)]
    return (first, last), [span for span in spans if span[0] < span[1]]


def local_date(at: int, zone: ZoneInfo) -> date:
    """The local day of an instant in microseconds."""
    return moment(at).astimezone(zone).date()


def first_day_from(at: int, zone: ZoneInfo) -> date:
    """The first local day that begins at an instant or later."""
    day = local_date(at, zone)
    return day if day_start(day, zone) == at else day + timedelta(days=1)
