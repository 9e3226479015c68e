"""Fold a meter again from its raw polls, from the knot before the change, and put right what follows."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db.models import Q

from usage.books import persistence, stretch_rows, told_days
from usage.books.answers.answer import READ, stored_poll
from usage.books.inserted_knots import change_team, history_of, keep_openings, mend, written
from usage.books.rollups import rollup
from usage.ledger import RULES, Changes, Event, LedgerKnot, OutOfOrderError, Poll, State, extend, grid
from usage.ledger.quarters import quarters
from usage.ledger.stretches import stretches_of
from usage.ledger.words import moment
from usage.models import Annotation, CounterReset, Day, Knot, Meter, Period, Quarter, RawPoll
from usage.models.ledger.knots import told_after

BEFORE_ALL = -1
AFTER_ALL = 1 << 62


def refold(meter: Meter, zone: ZoneInfo, since: int | None = None) -> None:
    """Rebuild a meter from `since` (microseconds) on, or all of it. The caller has locked its team."""
    anchor, state, changes = folded(meter, since)
    after = anchor.at if anchor else BEFORE_ALL
    mend(meter, zone, changes.changed)
    _replace_rows(meter, zone, anchor, changes.knots)
    _rebuild_days_from(meter, zone, after)
    Knot.objects.filter(meter=meter, at__gt=after).delete()
    told = told_after(anchor.told_at) if anchor else Q()
    Annotation.objects.filter(told, meter=meter).delete()
    Period.objects.filter(meter=meter, start__gte=anchor.period_start if anchor else 0).delete()
    persistence.save_changes([(meter.pk, changes)])
    if not anchor:
        meter.watched_from = moment(changes.knots[0].at) if changes.knots else None
    if since is None:
        meter.rules = RULES
    persistence.save_states([(meter, state)])
    told_days.fill([meter])


def folded(
    meter: Meter, since: int | None, until: int | None = None
) -> tuple[Knot | None, State | None, Changes]:
    """The knot that a fold from `since` stands on (None for the beginning), and what follows it.

    It takes the polls before `until`, all where that is None.
    """
    members = meter.account_ids()
    since, resets = _since(meter, members, since), CounterReset.objects.of_meters(members).instants()
    while True:
        anchor = _anchor(meter, since)
        state = anchor.ledger_state() if anchor else None
        try:
            history = history_of(meter) if anchor else None
            return anchor, *extend(state, _polls(members, anchor, until), history, resets)
        except OutOfOrderError as error:
            # A boundary moved to before the first knot: start further back.
            since = error.since


def state_before(meter: Meter, at: int) -> State | None:
    """The state of a fold of the polls before an instant; None where nothing was believed before it."""
    return folded(meter, at, until=at)[1]


def stand_on(meter: Meter, members: Sequence[int], since: int | None) -> Knot | None:
    """The knot on which a fold of the polls of `members` from `since` on stands; None for the beginning.

    Where `since` is None that is what stands before the first poll that is kept; where it is `BEFORE_ALL`
    nothing stands but what was made of polls that are not kept any more: others than `members` may have
    told it.
    """
    return _anchor(meter, _since(meter, members, since))


def _anchor(meter: Meter, since: int) -> Knot | None:
    """The newest knot before `since` to stand on; never before the raw polls that are kept."""
    anchor = Knot.objects.newest_firm_before(meter, since)
    if meter.pruned_at is not None and (anchor is None or anchor.at < meter.pruned_at):
        return Knot.objects.get(meter=meter, at=meter.pruned_at)
    return anchor


def _since(meter: Meter, members: Sequence[int], since: int | None) -> int:
    """The moment before which everything stands: never earlier than the raw polls that are kept."""
    first = RawPoll.objects.after(members, None).values_list("at", flat=True).first()
    if since is None:
        return AFTER_ALL if first is None else first
    if first is None or since <= first:
        return since
    # A boundary that moved put a knot into its past: that is folded again too.
    moved = Annotation.objects.filter(meter=meter, event=Event.BOUNDARY_MOVED, at__gte=since)
    return min([since, *moved.values_list("since", flat=True)])


def _polls(members: Sequence[int], anchor: Knot | None, until: int | None) -> list[Poll]:
    raw = RawPoll.objects.after(members, anchor.told_at if anchor else None).only(*READ)
    raw = raw if until is None else raw.filter(at__lt=until)
    return [poll for poll in map(stored_poll, raw.iterator()) if poll]


def _replace_rows(meter: Meter, zone: ZoneInfo, anchor: Knot | None, knots: Sequence[LedgerKnot]) -> None:
    rows, stretches = quarters(knots), stretches_of(knots)
    ids = rollup.series_ids([meter], stretch_rows.lines([(meter.pk, rows, stretches)]))[meter.pk]
    lines = {pk: line for line, pk in ids.items()}
    first = grid.quarter_number(anchor.at + 1) if anchor else 0
    stale = Quarter.objects.filter(series_id__in=lines, number__gte=first)
    old = written(stale)
    new = {(ids[row.series], row.number): (row.opening, row.value) for row in rows}
    if anchor:
        # Its amounts may be others now: what was told after its period's end raised them.
        values = knots[0].values
        keep_openings(old, new, first, {pk: values.get(line, 0) for pk, line in lines.items()})
    stale.delete()
    rollup.insert_quarters(rollup.QuarterRow(*key, *amounts) for key, amounts in new.items())
    change_team(meter, zone, lines, old, new)
    stretch_rows.replace(meter.pk, anchor.at if anchor else BEFORE_ALL, AFTER_ALL, stretches)


def _rebuild_days_from(meter: Meter, zone: ZoneInfo, after: int) -> None:
    """Make the local days of a meter again from its quarters, from the day of `after` on."""
    start = 0
    days = Day.objects.filter(series_id__in=[*meter.series.values_list("pk", flat=True)])
    if after != BEFORE_ALL:
        day = grid.local_day(grid.quarter_number(after + 1), zone)
        start = grid.quarter_number(grid.day_start(day, zone) + 1)
        days = days.filter(day__gte=day)
    days.delete()
    rollup.save_days_of(Quarter.objects.filter(series__meter=meter, number__gte=start), zone)
