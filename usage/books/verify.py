"""Hold what is stored of a meter, and of its team, against a new fold of the raw polls."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from teams.models import Team
from usage.books import past, told_days
from usage.books.ingest import lock_teams
from usage.books.refold import folded, refold
from usage.books.rollups import cohorts
from usage.books.rollups.calendar import rewrite, team_sums, written_zones
from usage.books.rollups.rollup import local_day
from usage.ledger import LedgerAnnotation, LedgerKnot, PeriodSummary, SeriesKey
from usage.ledger.grid import quarter_number
from usage.ledger.quarters import quarters
from usage.ledger.stretches import LedgerStretch, stretches_of
from usage.ledger.told_days import filled
from usage.models import (
    Annotation,
    Day,
    Knot,
    Meter,
    Period,
    Quarter,
    RawPoll,
    Stretch,
    TeamDay,
    TeamQuarter,
)
from usage.models.ledger.knots import told_after


@transaction.atomic
def rebuild(meter: Meter) -> None:
    """Make a meter's ledger again from the raw polls that are kept."""
    teams = lock_teams([meter.pk])
    meter.refresh_from_db()
    refold(meter, written_zones(teams.values())[meter.team_id])


def rebuild_team(team: Team) -> None:
    """Make the sums of a team again: its days, and what all its keys used together."""
    rewrite(team.pk)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, by name (nothing where all is as it must be), and how much was looked at."""

    differences: list[str]
    polls: int  # folded again
    rows: int  # stored, and held against that


def meter_differences(meter: Meter) -> list[str]:
    """Name what differs from the fold of the raw polls that are kept; empty where all is as it must be."""
    return compare_meter(meter).differences


@transaction.atomic
def compare_meter(meter: Meter) -> Comparison:
    """Hold what is stored of a meter against the fold of the raw polls that are kept."""
    lock_teams([meter.pk])
    meter.refresh_from_db()
    anchor, state, changes = folded(meter, None)
    after = anchor.at if anchor else -1
    first = quarter_number(after + 1) + 1 if anchor else 0
    stored = _stored(meter, anchor, first)
    expected = {
        "knots": [knot for knot in changes.knots if knot.at > after],
        "quarters": _expected_quarters(changes.knots, first),
        "periods": {period.start: period for period in changes.periods},
        "notes": sorted(map(_note, changes.annotations)),
        "stretches": _expected(meter, changes.knots, after),
    }
    differences = [name for name, rows in expected.items() if stored[name] != rows]
    if state is not None and meter.ledger_state != state:
        differences.append("state")
    polls = RawPoll.objects.after(meter.account_ids(), anchor.told_at if anchor else None).count()
    return Comparison(differences, polls, sum(map(len, stored.values())))


def _stored(meter: Meter, anchor: Knot | None, first: int) -> dict[str, Any]:
    """All rows of a meter that follow from its polls after an anchor, by kind; quarters from `first` on."""
    after = anchor.at if anchor else -1
    knots = Knot.objects.filter(meter=meter, at__gt=after).order_by("at")
    return {
        "knots": [knot.as_ledger() for knot in knots],
        "quarters": _quarters(meter, first),
        "periods": _periods(meter, anchor),
        "notes": _notes(meter, anchor),
        "stretches": _stretches(meter, after),
    }


def _expected_quarters(
    knots: Sequence[LedgerKnot], first: int
) -> dict[tuple[SeriesKey, int], tuple[int, int]]:
    """The quarters that knots make from one on, but for those that say nothing."""
    return {
        (row.series, row.number): (row.opening, row.value)
        for row in quarters(knots)
        if row.number >= first and row.opening != row.value
    }


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


def team_differences(team: Team) -> list[str]:
    """Name the sums of a team that are not those of its meters' quarters."""
    return compare_team(team).differences


@transaction.atomic
def compare_team(team: Team) -> Comparison:
    """Hold the sums of a team against the quarters of its meters."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    zone = written_zones([team])[team.pk]
    by_quarter, by_day = Counter[Any](), Counter[Any]()
    for metric, model, number, amount in team_sums(team):
        by_quarter[metric, model, number] += amount
        by_day[metric, model, local_day(number, zone)] += amount
    quarter_rows = TeamQuarter.objects.filter(team=team).values_list("metric", "model", "number", "amount")
    day_rows = TeamDay.objects.filter(team=team).values_list("metric", "model", "day", "amount")
    meter_days = Counter[Any]()
    for row in Day.objects.filter(series__meter__team=team).select_related("series"):
        meter_days[row.series.metric, row.series.model, row.day] += row.value - row.opening
    stored: dict[str, Counter[Any]] = {
        "team quarters": Counter({tuple(key): amount for *key, amount in quarter_rows}),
        "team days": Counter({tuple(key): amount for *key, amount in day_rows}),
        "days": meter_days,
    }
    expected = {"team quarters": by_quarter, "team days": by_day, "days": by_day}
    differences = [name for name, sums in stored.items() if sums != expected[name]]
    differences += ["cohorts"] if cohorts.differ(team) else []
    differences += ["past sums"] if past.differ(team) else []
    return Comparison(differences, polls=0, rows=sum(map(len, stored.values())))
