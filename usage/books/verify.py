"""Hold what is stored of a meter, and of its team, against a new fold of the raw polls."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from teams.models import Team
from usage.books import told_days
from usage.books.calendar import rewrite, team_sums, written_zones
from usage.books.ingest import lock_teams
from usage.books.refold import folded, refold
from usage.books.rollup import local_day
from usage.ledger import LedgerAnnotation, LedgerKnot, PeriodSummary, SeriesKey
from usage.ledger.grid import quarter_number
from usage.ledger.quarters import quarters
from usage.ledger.stretches import LedgerStretch, stretches_of
from usage.ledger.told_days import filled
from usage.models import Annotation, Day, Knot, Meter, Period, Quarter, Stretch, TeamDay, TeamQuarter
from usage.models.ledger import told_after


@transaction.atomic
def rebuild(meter: Meter) -> None:
    """Make a meter's ledger again from the raw polls that are kept."""
    teams = lock_teams([meter.pk])
    meter.refresh_from_db()
    refold(meter, written_zones(teams.values())[meter.team_id])


def rebuild_team(team: Team) -> None:
    """Make the sums of a team again: its days, and what all its keys used together."""
    rewrite(team.pk)


@transaction.atomic
def meter_differences(meter: Meter) -> list[str]:
    """Name what differs from the fold of the raw polls that are kept; empty where all is as it must be."""
    lock_teams([meter.pk])
    meter.refresh_from_db()
    anchor, state, changes = folded(meter, None)
    after = anchor.at if anchor else -1
    first = quarter_number(after + 1) + 1 if anchor else 0
    knots = tuple(knot.as_ledger() for knot in Knot.objects.filter(meter=meter, at__gt=after).order_by("at"))
    rows = {(row.series, row.number): (row.opening, row.value) for row in quarters(changes.knots)}
    expected = {
        key: (opening, value)
        for key, (opening, value) in rows.items()
        if key[1] >= first and opening != value
    }
    checks = {
        "knots": knots == tuple(knot for knot in changes.knots if knot.at > after),
        "state": state is None or meter.ledger_state == state,
        "quarters": _quarters(meter, first) == expected,
        "periods": _periods(meter, anchor) == {period.start: period for period in changes.periods},
        "notes": _notes(meter, anchor) == sorted(map(_note, changes.annotations)),
        "stretches": _stretches(meter, after) == _expected(meter, changes.knots, after),
    }
    return [name for name, holds in checks.items() if not holds]


def _quarters(meter: Meter, first: int) -> dict[tuple[SeriesKey, int], tuple[int, int]]:
    """The quarters from one on that say something: a line that rose and fell again in one may have none."""
    rows = Quarter.objects.filter(series__meter=meter, number__gte=first).exclude(value=F("opening"))
    return {
        (SeriesKey(row.series.model, row.series.metric), row.number): (row.opening, row.value)
        for row in rows.select_related("series")
    }


def _periods(meter: Meter, anchor: Knot | None) -> dict[int, PeriodSummary]:
    rows = Period.objects.filter(meter=meter, start__gte=anchor.period_start if anchor else 0)
    return {row.start: row.as_ledger() for row in rows}


def _notes(meter: Meter, anchor: Knot | None) -> list[object]:
    told = told_after(anchor.told_at) if anchor else Q()
    return sorted(_note(row.as_ledger()) for row in Annotation.objects.filter(told, meter=meter))


def _note(note: LedgerAnnotation) -> Any:
    return note.at, note.since, note.event, note.polled_at, sorted(note.amounts.items())


def _stretches(meter: Meter, after: int) -> list[LedgerStretch]:
    rows = Stretch.objects.filter(meter=meter, end__gt=after).order_by("end")
    return [stretch.as_ledger() for stretch in rows]


def _expected(meter: Meter, knots: Sequence[LedgerKnot], after: int) -> list[LedgerStretch]:
    """The stretches that knots and told days make after an instant."""
    days, first = told_days.days_of(meter), told_days.first_knot(meter)
    return [stretch for stretch in filled(stretches_of(knots), days, first) if stretch.end > after]


@transaction.atomic
def team_differences(team: Team) -> list[str]:
    """Name the sums of a team that are not those of its meters' quarters."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    zone = written_zones([team])[team.pk]
    by_quarter, by_day = Counter[object](), Counter[object]()
    for metric, model, number, amount in team_sums(team):
        by_quarter[metric, model, number] += amount
        by_day[metric, model, local_day(number, zone)] += amount
    quarter_rows = TeamQuarter.objects.filter(team=team).values_list("metric", "model", "number", "amount")
    day_rows = TeamDay.objects.filter(team=team).values_list("metric", "model", "day", "amount")
    meter_days: Counter[object] = Counter()
    for row in Day.objects.filter(series__meter__team=team).select_related("series"):
        meter_days[row.series.metric, row.series.model, row.day] += row.value - row.opening
    checks = {
        "team quarters": Counter({tuple(key): amount for *key, amount in quarter_rows}) == by_quarter,
        "team days": Counter({tuple(key): amount for *key, amount in day_rows}) == by_day,
        "days": meter_days == by_day,
    }
    return [name for name, holds in checks.items() if not holds]
