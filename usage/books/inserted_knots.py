"""Put right the rollups around knots that a moved boundary put into a meter's past.

Only the quarters between a knot's neighbours change, so each poll of a provider whose window rolls costs the
same, however long the window is.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from usage.books import rollup
from usage.ledger import History, LedgerKnot, SeriesKey, grid
from usage.ledger.grid import QUARTER, quarter_number
from usage.models import Day, Knot, Meter, Quarter

type Rows = dict[tuple[int, int], tuple[int, int]]


def history_of(meter: Meter) -> History:
    """What finds the stored knots of a meter around an instant."""
    return history_in(Knot.objects.filter(meter=meter), is_pruned=meter.pruned_at is not None)


def history_in(knots: QuerySet[Knot], *, is_pruned: bool) -> History:
    """What finds the knots around an instant. Where older ones were deleted, the oldest stands."""

    def around(at: int) -> tuple[LedgerKnot, LedgerKnot] | None:
        before = knots.filter(at__lte=at).order_by("-at").first()
        if before is None and is_pruned:
            before = knots.order_by("at").first()
        after = knots.filter(at__gt=before.at).order_by("at").first() if before else None
        return (before.as_ledger(), after.as_ledger()) if before and after else None

    return around


def mend(meter: Meter, zone: ZoneInfo, inserted: Iterable[LedgerKnot]) -> None:
    """Write the quarters and days around stored knots again. The caller has locked the meter's team."""
    for knot in inserted:
        stored = Knot.objects.filter(meter=meter)
        before = stored.filter(at__lt=knot.at).order_by("-at").values_list("at", flat=True)[0]
        after = stored.filter(at__gt=knot.at).order_by("at").values_list("at", flat=True)[0]
        _rewrite(meter, zone, quarter_number(before + 1), quarter_number(after))


def _rewrite(meter: Meter, zone: ZoneInfo, first: int, last: int) -> None:
    knots = knots_within(Knot.objects.filter(meter=meter), first, last)
    found = [row for row in grid.quarters(knots) if first <= row.number <= last]
    ids = rollup.series_ids([meter], [(meter.pk, row.series) for row in found])[meter.pk]
    lines = {pk: line for line, pk in ids.items()}
    stale = Quarter.objects.filter(series_id__in=lines, number__gte=first, number__lte=last)
    old = written(stale)
    new = {(ids[row.series], row.number): (row.opening, row.value) for row in found}
    stale.delete()
    rollup.insert_quarters(rollup.QuarterRow(*key, *amounts) for key, amounts in new.items())
    change_team(meter, zone, lines, old, new)
    rewrite_days(meter, zone, first, last, list(lines))


def knots_within(knots: QuerySet[Knot], first: int, last: int) -> Sequence[LedgerKnot]:
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
    """Make the local days that hold some quarters again.

    While a meter is counted anew a day may hold quarters of before too: then it is what they add up to.
    """
    begin, end = grid.local_day(first, zone), grid.local_day(last, zone)
    Day.objects.filter(series_id__in=series, day__gte=begin, day__lte=end).delete()
    start = quarter_number(grid.day_start(begin, zone) + 1)
    span = grid.days(end, end + grid.ONE_DAY, zone)[0]
    rows = Quarter.objects.filter(
        series_id__in=series, number__gte=start, number__lte=quarter_number(span[1])
    )
    parts: dict[tuple[int, date], rollup.DayRow] = {}
    for pk, number, opening, value in rows.order_by("number").values_list(*rollup.QuarterRow._fields):
        day = rollup.local_day(number, zone)
        sofar = parts.get((pk, day), rollup.DayRow(pk, day, opening, opening))
        parts[pk, day] = sofar._replace(value=sofar.value + value - opening)
    rollup.save_days(parts.values())
