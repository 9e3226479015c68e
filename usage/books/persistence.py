"""Write knots, periods, annotations and states as the fold found them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from common.database import bulk
from usage.ledger import REQUESTS, RULES, TOKENS, UNATTRIBUTED, Changes, SeriesKey, State, words
from usage.ledger.codec import dump_amounts, dump_seats
from usage.ledger.counters import fallen, fallen_by
from usage.ledger.state import without_coverage
from usage.ledger.words import moment
from usage.models import Annotation, Knot, Meter, Period
from usage.models.meters.fields import FOLDED

# A period is written again with every poll, a knot where a later one speaks of its instant; places stay.
PERIOD_PLACE = ("meter_id", "start")
KNOT_PLACE = ("meter_id", "at")


class KnotRow(NamedTuple):
    """A knot as a plain row."""

    meter_id: int
    at: int
    quality: str
    values: object
    period_start: int
    period_end: int | None
    firm: bool
    polled_at: int | None
    seats: object
    is_exact: bool


class AnnotationRow(NamedTuple):
    """An annotation as a plain row."""

    meter_id: int
    event: str
    since: int
    at: int
    amounts: object
    polled_at: int | None


class PeriodRow(NamedTuple):
    """A billing period as a plain row."""

    meter_id: int
    start: int
    end: int | None
    opening: object
    counters: object
    last_at: int
    tail: int
    exact: bool
    superseded: bool
    told_start: int | None


def save_changes(changes: Iterable[tuple[int, Changes]]) -> None:
    """Write the knots and annotations of (meter id, changes), and the periods they touched."""
    found = list(changes)
    knots = (_knot_row(pk, knot) for pk, change in found for knot in _new(change))
    bulk.insert(Knot, knots, KnotRow._fields)
    changed = [_knot_row(pk, knot) for pk, change in found for knot in (*change.changed, *change.retold)]
    values = [name for name in KnotRow._fields if name not in KNOT_PLACE]
    bulk.insert(Knot, changed, KnotRow._fields, unique=KNOT_PLACE, replace=values)
    annotations = (
        _annotation_row(pk, annotation) for pk, change in found for annotation in change.annotations
    )
    bulk.insert(Annotation, annotations, AnnotationRow._fields)
    # A counter may begin again twice at one instant: after its period's end.
    periods = {(pk, period.start): period for pk, change in found for period in change.periods}
    rows = (_period_row(pk, period) for (pk, _), period in periods.items())
    told = [name for name in PeriodRow._fields if name not in PERIOD_PLACE]
    bulk.insert(Period, rows, PeriodRow._fields, unique=PERIOD_PLACE, replace=told)


def _new(changes: Changes) -> tuple[words.LedgerKnot, ...]:
    return changes.knots if changes.first else changes.knots[1:]


def _knot_row(meter_id: int, knot: words.LedgerKnot) -> KnotRow:
    return KnotRow(
        meter_id=meter_id,
        at=knot.at,
        quality=str(knot.quality),
        values=dump_amounts(knot.values),
        period_start=knot.period_start,
        period_end=knot.period_end,
        firm=knot.firm,
        polled_at=None if knot.polled_at == knot.at else knot.polled_at,
        seats=dump_seats(knot.seats, without_coverage(knot.values)),
        is_exact=knot.exact,
    )


def _annotation_row(meter_id: int, annotation: words.LedgerAnnotation) -> AnnotationRow:
    return AnnotationRow(
        meter_id=meter_id,
        event=str(annotation.event),
        since=annotation.since,
        at=annotation.at,
        amounts=dump_amounts(annotation.amounts),
        polled_at=None if annotation.polled_at == annotation.at else annotation.polled_at,
    )


def _period_row(meter_id: int, period: words.PeriodSummary) -> PeriodRow:
    return PeriodRow(
        meter_id=meter_id,
        start=period.start,
        end=period.end,
        opening=dump_amounts(period.opening),
        counters=dump_amounts(period.counters),
        last_at=period.last_at,
        tail=period.tail,
        exact=period.exact,
        superseded=period.superseded,
        told_start=None if period.told_start == period.start else period.told_start,
    )


def idle_since(before: datetime | None, changes: Changes) -> datetime | None:
    """Since when counters stand still, if they do; `before` is what was known of it."""
    if not changes.knots:
        return before
    return None if changes.moved else before or moment(changes.knots[0].at)


def _fallen_tokens(state: State) -> int | None:
    """By how many tokens the counter fell, while that is waited for; of models, where the total did not."""
    if not state.pending:
        return None
    return fallen_by(fallen(state.counters, state.pending[0], state.seats), TOKENS)


def save_states(states: Iterable[tuple[Meter, State | None]]) -> None:
    """Move meters on to their new states."""
    moved = [_moved(meter, state) for meter, state in states if state is not None]
    bulk.update(Meter, moved, FOLDED)


def _moved(meter: Meter, state: State) -> Meter:
    """The meter with a new state, and with what pages ask of it."""
    if meter.state is None:
        # What goes on from older rules stays as old as its oldest part.
        meter.rules = RULES
    meter.ledger_state = state
    meter.watched_from = meter.watched_from or moment(state.period.start)
    meter.watched_until = moment(state.at)
    meter.period_start = moment(state.period.start)
    meter.period_end = moment(state.period.end) if state.period.end else None
    meter.period_tokens, meter.period_requests = state.total(TOKENS), state.total(REQUESTS)
    meter.unattributed_tokens = state.counters.get(SeriesKey(UNATTRIBUTED, TOKENS), 0)
    meter.unattributed_requests = state.counters.get(SeriesKey(UNATTRIBUTED, REQUESTS), 0)
    meter.is_exact = state.period.exact
    meter.fallen_tokens = _fallen_tokens(state)
    return meter
