"""Compare what is stored of a meter with the pure fold of its raw polls."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from usage.books.answers.answer import Answer, stored_poll
from usage.ledger import SeriesKey, fold
from usage.ledger.codec import load_amounts
from usage.ledger.grid import local_day
from usage.ledger.quarters import quarters
from usage.ledger.stretches import stretches_of
from usage.models import (
    Annotation,
    CounterReset,
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


def make_meter(team, name="Main"):
    return Meter.objects.create(team=team, name=name, next_poll_at=timezone.now())


def answer_at(meter: Meter, at: datetime, **told: Any) -> Answer:
    """What a meter was told at a moment, in a slot of its own; the rest of the answer is `told`."""
    return Answer(
        meter_id=meter.pk,
        slot=int(at.timestamp()),
        started_at=at,
        ended_at=at,
        interval_seconds=300,
        status=200,
        **told,
    )


def assert_stored_equals_fold(team, meter):
    members = meter.account_ids()
    resets = CounterReset.objects.of_meters(members).instants()
    ledger = fold((stored_poll(raw) for raw in RawPoll.objects.after(members, None)), resets)
    meter = Meter.objects.get(pk=meter.pk)
    assert meter.ledger_state == ledger.state
    assert tuple(knot.as_ledger() for knot in Knot.objects.filter(meter=meter).order_by("at")) == ledger.knots
    assert_annotations(meter, ledger)
    assert_periods(meter, ledger)
    assert_rows(team, meter, ledger.knots)


def assert_rows(team, meter, knots):
    """All that follows from a meter's knots is stored, and nothing else.

    Where a line rose and fell again within a quarter there may be a row that says nothing, or none.
    """
    rows = [row for row in quarters(knots) if row.opening != row.value]
    stored = Quarter.objects.filter(series__meter=meter).exclude(value=F("opening")).select_related("series")
    assert {
        (SeriesKey(row.series.model, row.series.metric), row.number, row.opening, row.value) for row in stored
    } == {(row.series, row.number, row.opening, row.value) for row in rows}
    found = [stretch.as_ledger() for stretch in Stretch.objects.filter(meter=meter).order_by("end")]
    assert found == stretches_of(knots)
    assert_days(team, meter, rows)
    assert_team_sums(team, rows)


def assert_annotations(meter, ledger):
    stored = Annotation.objects.filter(meter=meter)
    found = sorted(
        (note.event, note.since, note.at, sorted(load_amounts(note.amounts).items())) for note in stored
    )
    assert found == sorted(
        (note.event, note.since, note.at, sorted(note.amounts.items())) for note in ledger.annotations
    )


def assert_periods(meter, ledger):
    stored = Period.objects.filter(meter=meter).order_by("start")
    assert tuple(period.as_ledger() for period in stored) == ledger.periods


def assert_days(team, meter, rows):
    expected: Counter[tuple[SeriesKey, date]] = Counter()
    for row in rows:
        expected[row.series, local_day(row.number, team.zone)] += row.value - row.opening
    found: Counter[tuple[SeriesKey, date]] = Counter()
    for day in Day.objects.filter(series__meter=meter).select_related("series"):
        found[SeriesKey(day.series.model, day.series.metric), day.day] += day.value - day.opening
    assert found == expected


def assert_team_sums(team, rows):
    by_quarter: Counter[tuple[SeriesKey, int]] = Counter()
    by_day: Counter[tuple[SeriesKey, date]] = Counter()
    for row in rows:
        by_quarter[row.series, row.number] += row.value - row.opening
        by_day[row.series, local_day(row.number, team.zone)] += row.value - row.opening
    quarter_rows = TeamQuarter.objects.filter(team=team)
    stored_quarters = {(SeriesKey(row.model, row.metric), row.number): row.amount for row in quarter_rows}
    assert Counter(stored_quarters) == by_quarter
    day_rows = TeamDay.objects.filter(team=team)
    stored_days = {(SeriesKey(row.model, row.metric), row.day): row.amount for row in day_rows}
    assert Counter(stored_days) == by_day
