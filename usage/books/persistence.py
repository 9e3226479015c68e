"""Write knots, periods, annotations and states as the fold found them."""

from collections.abc import Iterable
from datetime import datetime

from common import bulk
from usage.ledger import COVERAGE, METRICS, UNATTRIBUTED, Changes, SeriesKey, State, words
from usage.ledger.codec import dump_amounts, dump_state
from usage.ledger.grid import moved
from usage.ledger.words import moment
from usage.models import Annotation, Knot, Meter, Period

KNOT_COLUMNS = ("meter_id", "at", "quality", "values", "period_start", "period_end", "firm")
PERIOD_KEY = ("meter_id", "start")
PERIOD_COLUMNS = ("end", "opening", "counters", "last_at", "tail", "exact", "superseded")
ANNOTATION_COLUMNS = ("meter_id", "event", "since", "at", "amounts")
SUMMARY_COLUMNS = (
    "period_tokens",
    "period_requests",
    "unattributed_tokens",
    "unattributed_requests",
    "is_exact",
)
STATE_COLUMNS = (
    "state",
    "watched_from",
    "watched_until",
    "period_start",
    "period_end",
    "idle_since",
    *SUMMARY_COLUMNS,
)

type Row = tuple[object, ...]


def save_changes(changes: Iterable[tuple[int, Changes]]) -> None:
    """Append the knots and annotations of (meter id, changes), and write the periods they touched."""
    found = list(changes)
    bulk.insert(Knot, KNOT_COLUMNS, [_knot_row(pk, knot) for pk, change in found for knot in _new(change)])
    annotations = [
        _annotation_row(pk, annotation) for pk, change in found for annotation in change.annotations
    ]
    bulk.insert(Annotation, ANNOTATION_COLUMNS, annotations)
    periods = [_period_row(pk, period) for pk, change in found for period in change.periods]
    columns = (*PERIOD_KEY, *PERIOD_COLUMNS)
    bulk.insert(Period, columns, periods, unique=PERIOD_KEY, replace=PERIOD_COLUMNS)


def _new(changes: Changes) -> tuple[words.LedgerKnot, ...]:
    return (*changes.inserted, *(changes.knots if changes.first else changes.knots[1:]))


def _knot_row(meter_id: int, knot: words.LedgerKnot) -> Row:
    values = dump_amounts(knot.values)
    period = knot.period_start, knot.period_end
    return meter_id, knot.at, str(knot.quality), values, *period, knot.firm


def _annotation_row(meter_id: int, annotation: words.LedgerAnnotation) -> Row:
    return meter_id, str(annotation.event), annotation.since, annotation.at, dump_amounts(annotation.amounts)


def _period_row(meter_id: int, period: words.PeriodSummary) -> Row:
    amounts = dump_amounts(period.opening), dump_amounts(period.counters)
    flags = period.tail, period.exact, period.superseded
    return meter_id, period.start, period.end, *amounts, period.last_at, *flags


def idle_since(before: datetime | None, changes: Changes) -> datetime | None:
    """Since when counters stand still, if they do; `before` is what was known of it."""
    first, last = changes.knots[0], changes.knots[-1]
    if changes.first or any(series.metric != COVERAGE for series in moved(first.values, last.values)):
        return None
    return before or moment(first.at)


def save_states(states: Iterable[tuple[Meter, State | None]]) -> None:
    """Move meters on to their new states."""
    rows = []
    for meter, state in states:
        if state is not None:
            end = state.period.end
            watched_from = meter.watched_from or moment(state.period.start)
            times = watched_from, moment(state.at), moment(state.period.start), end and moment(end)
            rows.append((dump_state(state), *times, meter.idle_since, *summary(state), meter.pk))
    bulk.update(Meter, STATE_COLUMNS, rows)


def summary(state: State) -> Row:
    """What pages ask of a state, in the order of `SUMMARY_COLUMNS`: they need not read it whole."""
    totals = (state.total(metric) for metric in METRICS)
    residuals = (state.counters.get(SeriesKey(UNATTRIBUTED, metric), 0) for metric in METRICS)
    return (*totals, *residuals, state.period.exact)
