"""How far one slice goes when drafts take the place of old numbers: so many rows are replaced at once."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, OuterRef, QuerySet, Subquery

from usage.books.draft import Draft
from usage.ledger import grid
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.stretches import LONGEST
from usage.models import Knot, Meter, Quarter, Series, Stretch

# Rows of quarters that are replaced at once: some 50 ms of SQLite's write lock.
ROWS = 2_000


def first_quarter(drafts: Iterable[Draft], ends: Sequence[int]) -> int:
    """The oldest quarter in which anything changes."""
    numbers = [_first_of(draft) for draft in drafts]
    return _least(*numbers, _oldest(ends)) or 1


def _first_of(draft: Draft) -> int | None:
    """The first quarter that a draft may change."""
    if draft.start >= 0:
        return quarter_number(draft.start + 1)
    first = Knot.objects.filter(meter=draft.draft).aggregate(first=Min("at"))["first"]
    return _least(None if first is None else quarter_number(first + 1), _oldest([draft.meter]))


def _oldest(meters: Sequence[int]) -> int | None:
    """The first quarter of which some meters have a row or a part of a stretch."""
    start = Stretch.objects.of_meters(meters).aggregate(first=Min("start"))["first"]
    return _least(_row_from(meters, 0), None if start is None else quarter_number(start + 1))


def _least(*numbers: int | None) -> int | None:
    return min((number for number in numbers if number is not None), default=None)


def _row_from(meters: Sequence[int], first: int) -> int | None:
    """The first quarter from `first` on of which some meters have a row. Their rows may be millions: each
    series is looked up.
    """
    rows = Quarter.objects.filter(series=OuterRef("pk"), number__gte=first).order_by("number")
    series = Series.objects.of_meters(meters).annotate(row=Subquery(rows.values("number")[:1]))
    number: int | None = series.aggregate(found=Min("row"))["found"]
    return number


def _last_row(meters: Sequence[int]) -> int:
    """The last quarter of which some meters have a row, 0 without any."""
    rows = Quarter.objects.filter(series=OuterRef("pk")).order_by("-number")
    series = Series.objects.of_meters(meters).annotate(row=Subquery(rows.values("number")[:1]))
    return series.aggregate(found=Max("row"))["found"] or 0


def last_quarter(drafts: Sequence[Draft], ends: Sequence[int]) -> int:
    """The newest quarter in which anything changes."""
    meters = [*ends, *(draft.meter for draft in drafts)]
    knots = Knot.objects.filter(meter__in=[*meters, *(draft.draft for draft in drafts)])
    at = knots.aggregate(last=Max("at"))["last"] or 0
    return max(quarter_number(at), _last_row(meters))


def slice_end(drafts: Sequence[Draft], ends: Sequence[int], first: int, zone: ZoneInfo) -> int:
    """The last quarter of a slice that begins with the quarter `first`; years without a row are one slice."""
    meters = [*ends, *(draft.meter for draft in drafts)]
    at = _knots(drafts, (first - 1) * QUARTER).aggregate(next=Min("at"))["next"]
    # What a knot writes quarters of began six hours before it at most.
    change = None if at is None else quarter_number(at - LONGEST)
    begin = max(first, _least(_row_from(meters, first), change) or first)
    length, last = most_quarters(drafts, ends), last_quarter(drafts, ends)
    # Where the drafts write nothing the old rows alone are counted: they may be fewer than they could be.
    quiet_until = min(last, change - 1 if change is not None else last)
    while begin + 2 * length <= quiet_until and _are_few(meters, first, begin + 2 * length - 1):
        length *= 2
    return whole_days(first, begin + length - 1, zone)


def _knots(drafts: Sequence[Draft], after: int) -> QuerySet[Knot]:
    return Knot.objects.filter(meter__in=[draft.draft for draft in drafts], at__gt=after)


def most_quarters(drafts: Sequence[Draft], ends: Sequence[int]) -> int:
    """How many quarters one slice replaces at least: no series has more than one row in each."""
    meters = [*ends, *(draft.meter for draft in drafts)]
    lines = Series.objects.of_meters(meters).count()
    for meter in Meter.objects.filter(pk__in=[draft.draft for draft in drafts]):
        state = meter.ledger_state
        lines += len(state.values()) if state else 0
    return max(ROWS // max(lines, 1), 1)


def _are_few(meters: Sequence[int], first: int, last: int) -> bool:
    """Tell whether one slice may replace all rows that some meters have of quarters."""
    rows = Quarter.objects.filter(series__meter__in=meters, number__gte=first, number__lte=last)
    return rows.count() <= ROWS


def whole_days(first: int, last: int, zone: ZoneInfo) -> int:
    """The last quarter up to `last` that ends a local day, if there is one from `first` on; else `last`."""
    end = quarter_number(grid.day_start(grid.local_day(last + 1, zone), zone))
    return end if end >= first else last
