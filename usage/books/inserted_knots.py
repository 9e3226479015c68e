"""Put right the rollups around knots of a meter's past: those put between others, and those with new values.

A moved boundary puts a knot into the past; a period whose end told more, later, has a knot that rises. Only
the time between a knot's neighbours changes, so each poll of a provider whose window rolls costs the same,
however long the window is. Where that time was a stretch, or becomes one, its row is made again too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from usage.books import stretch_rows
from usage.books.rollups import rollup
from usage.ledger import History, LedgerKnot, SeriesKey, grid
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.quarters import quarters
from usage.ledger.stretches import stretches_of
from usage.models import Day, Knot, Meter, Quarter

type Rows = dict[tuple[int, int], tuple[int, int]]


def history_of(meter: Meter) -> History:
    """What finds the stored knots of a meter around an instant."""

    def around(at: int) -> tuple[LedgerKnot, LedgerKnot | None] | None:
        # Most polls never ask.
        knots = Knot.objects.filter(meter=meter)
        return history_in(knots, is_pruned=meter.pruned_at is not None)(at)

    return around


def history_in(knots: QuerySet[Knot], *, is_pruned: bool) -> History:
    """What finds the knots around an instant. Where older ones were deleted, the oldest stands."""

    def around(at: int) -> tuple[LedgerKnot, LedgerKnot | None] | None:
        before = knots.filter(at__lte=at).order_by("-at").first()
        if before is None and is_pruned:
            before = knots.order_by("at").first()
        after = knots.filter(at__gt=before.at).order_by("at").first() if before else None
        return (before.as_ledger(), after.as_ledger() if after else None) if before else None

    return around


def mend(meter: Meter, zone: ZoneInfo, changed: Iterable[LedgerKnot]) -> None:
    """Make the rows again around knots that are put between stored ones, or give one of them new values.

    Call it before anything later than the stored knots is written, with the meter's team locked; whether the
    changed knots are stored yet does not matter.
    """
    ascending = sorted(changed, key=lambda knot: knot.at)
    if not ascending:
        return
    places = {knot.at for knot in ascending}
    for chain in _chains(Knot.objects.filter(meter=meter), ascending):
        _rewrite(meter, zone, chain, is_last=chain[-1].at in places)


def _chains(stored: QuerySet[Knot], changed: Sequence[LedgerKnot]) -> Iterator[list[LedgerKnot]]:
    """The changed knots, those without another between them together, each chain with its neighbours."""
    chain: list[LedgerKnot] = []
    for knot in changed:
        before = stored.filter(at__lt=knot.at).order_by("-at").first()
        if chain and (before is None or before.at <= chain[-1].at):
            chain.append(knot)
            continue
        if chain:
            yield [*chain, *_after(stored, chain[-1])]
        chain = [before.as_ledger(), knot] if before else [knot]
    if chain:
        yield [*chain, *_after(stored, chain[-1])]


def _after(stored: QuerySet[Knot], last: LedgerKnot) -> list[LedgerKnot]:
    return [knot.as_ledger() for knot in stored.filter(at__gt=last.at).order_by("at")[:1]]


def _rewrite(meter: Meter, zone: ZoneInfo, chain: Sequence[LedgerKnot], *, is_last: bool) -> None:
    """Make the rows from the first knot of a chain to its last again; what moved beside it stays.

    Nothing moved yet after a chain that `is_last`: its last knot may have new values.
    """
    first, last = quarter_number(chain[0].at + 1), quarter_number(chain[-1].at)
    found, stretches = quarters(chain), stretches_of(chain)
    ids = rollup.series_ids([meter], stretch_rows.lines([(meter.pk, found, stretches)]))[meter.pk]
    lines = {pk: line for line, pk in ids.items()}
    stale = Quarter.objects.filter(series_id__in=lines, number__gte=first, number__lte=last)
    old = written(stale)
    new = {(ids[row.series], row.number): (row.opening, row.value) for row in found}
    keep_openings(old, new, first, {pk: chain[0].values.get(line, 0) for pk, line in lines.items()})
    if not is_last:
        keep_closings(old, new, last, {pk: chain[-1].values.get(line, 0) for pk, line in lines.items()})
    stale.delete()
    rollup.insert_quarters(rollup.QuarterRow(*key, *amounts) for key, amounts in new.items())
    change_team(meter, zone, lines, old, new)
    rewrite_days(meter, zone, first, last, list(lines))
    stretch_rows.replace(meter.pk, chain[0].at, chain[-1].at, stretches)


def keep_openings(old: Rows, new: Rows, number: int, reached: Mapping[int, int]) -> None:
    """In the quarter that the first new knot divides, what moved before it stays; `reached` is F at it."""
    for pk, value in reached.items():
        key = pk, number
        opening = old[key][0] if key in old else value
        if key in new or opening != value:
            new[key] = opening, new[key][1] if key in new else value


def keep_closings(old: Rows, new: Rows, number: int, reached: Mapping[int, int]) -> None:
    """In the quarter that the last new knot divides, what moved after it stays; `reached` is F at it."""
    for pk, value in reached.items():
        key = pk, number
        closing = old[key][1] if key in old else value
        if key in new or closing != value:
            new[key] = new[key][0] if key in new else value, closing


def knots_within(knots: QuerySet[Knot], first: int, last: int) -> list[LedgerKnot]:
    """Those of some knots that lie within quarters, with one on each side."""
    start, end = (first - 1) * QUARTER, last * QUARTER
    earlier = knots.filter(at__lte=start).order_by("-at")[:1]
    later = knots.filter(at__gte=end).order_by("at")[:1]
    inside = knots.filter(at__gt=start, at__lt=end).order_by("at")
    return [knot.as_ledger() for part in (earlier, inside, later) for knot in part]


def written(quarters: QuerySet[Quarter]) -> Rows:
    """{(series id, number): (opening, value)} of stored quarters."""
    rows = quarters.values_list(*rollup.QuarterRow._fields)
    return {(pk, number): (opening, value) for pk, number, opening, value in rows}


def change_team(meter: Meter, zone: ZoneInfo, lines: dict[int, SeriesKey], old: Rows, new: Rows) -> None:
    """Move the team's sums from a meter's old rows to its new ones."""
    changes = rollup.TeamChanges()
    for sign, rows in ((-1, old), (1, new)):
        for (pk, number), (opening, value) in rows.items():
            day = rollup.local_day(number, zone)
            changes.add(meter.team_id, lines[pk], number, day, sign * (value - opening))
    changes.save()


def rewrite_days(meter: Meter, zone: ZoneInfo, first: int, last: int, series: Sequence[int]) -> None:
    """Make the local days that hold some quarters again."""
    begin, end = grid.local_day(first, zone), grid.local_day(last, zone)
    Day.objects.filter(series_id__in=series, day__gte=begin, day__lte=end).delete()
    start = quarter_number(grid.day_start(begin, zone) + 1)
    span = grid.days(end, end + grid.ONE_DAY, zone)[0]
    rows = Quarter.objects.filter(
        series_id__in=series, number__gte=start, number__lte=quarter_number(span[1])
    )
    rollup.save_days_of(rows, zone)
