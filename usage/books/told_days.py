"""Take days in that another source than polls told, and let them fill what no poll measured.

The rows that they become follow from the holes of a meter and from the days told, so they are made again
wherever holes may have changed: after a poll that made one, a fold of the past, a recount, a rebuild.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet

from common.database import bulk
from teams.models import Team
from usage.books import stretch_rows
from usage.books.rollups import rollup
from usage.ledger import Quality
from usage.ledger.stretches import LedgerStretch
from usage.ledger.told_days import ToldDay as LedgerDay
from usage.ledger.told_days import filled, is_hole
from usage.ledger.words import microseconds
from usage.models import Knot, Meter, Stretch, ToldDay

PLACE = ("meter_id", "start", "end")


class ToldDayRow(NamedTuple):
    """A told day as a plain row. One of an import counts once that is taken in."""

    meter_id: int
    start: int
    end: int
    total_tokens: int
    total_requests: int
    breakdown: object
    source: str
    told_at: datetime
    tells_tokens: bool = True
    tells_requests: bool = True
    cost: int | None = None
    cost_metric: str = ""
    origin_id: int | None = None
    is_counted: bool = True


@transaction.atomic
def store(days: Iterable[ToldDayRow]) -> None:
    """Take days of no import in; of the same day the one told last counts, whatever comes first."""
    newest = {day[: len(PLACE)]: day for day in sorted(days, key=lambda day: day.told_at)}
    ids = {day.meter_id for day in newest.values()}
    with told_anew(Meter.objects.filter(pk__in=ids)):
        known = ToldDay.objects.filter(meter__in=ids, origin=None).values_list("pk", *PLACE, "told_at")
        old = {tuple(place): (pk, told_at) for pk, *place, told_at in known}
        new = [day for place, day in newest.items() if place not in old or old[place][1] < day.told_at]
        gone = [old[day[: len(PLACE)]][0] for day in new if day[: len(PLACE)] in old]
        ToldDay.objects.filter(pk__among=gone).delete()
        write(new)


def write(days: Iterable[ToldDayRow]) -> None:
    """Write days that are not there."""
    bulk.insert(ToldDay, days, ToldDayRow._fields)


@contextmanager
def told_anew(meters: QuerySet[Meter]) -> Iterator[None]:
    """Change days of meters within, in a transaction: their teams are locked, what counts is made again."""
    teams = Team.objects.filter(pk__in=meters.values("team_id"))
    locked = list(teams.order_by("pk").select_for_update())
    yield
    found = meters.select_related("merged_into").defer("state")
    roots = {root.pk: root for root in (meter.merged_into or meter for meter in found)}
    # Also those of which nothing is told any more.
    for pk in sorted(roots):
        if not roots[pk].is_held:
            _fill(roots[pk])
    Team.objects.filter(pk__in=[team.pk for team in locked]).update(generation=F("generation") + 1)


def fill(meters: Iterable[Meter]) -> None:
    """Let told days fill what no poll of these meters measured. Their teams are locked."""
    found = {meter.pk: meter for meter in meters}
    told = ToldDay.objects.of_accounts(found).values_list("meter_id", "meter__merged_into_id")
    for pk in sorted({root or meter for meter, root in told.distinct()} & found.keys()):
        if not found[pk].is_held:
            _fill(found[pk])


def days_of(meter: Meter) -> list[LedgerDay]:
    """All days that were told of a meter's account."""
    return [day.as_ledger() for day in ToldDay.objects.of_accounts([meter.pk])]


def make_room(meter_ids: Iterable[int]) -> None:
    """Take out what was told of meters that are polled for the first time; `fill` finds what still fits."""
    Stretch.objects.of_meters(meter_ids).filter(quality=Quality.TOLD).delete()


def holes_of(meter: Meter) -> list[LedgerStretch]:
    """The time of a meter that days may be told in, whether they are or not."""
    stored = Stretch.objects.filter(meter=meter, quality__in=(Quality.UNKNOWN, Quality.TOLD))
    rows = [stretch.as_ledger() for stretch in stored.order_by("start")]
    return _holes(
        meter, [row for row in rows if row.quality == Quality.TOLD or is_hole(row)], first_knot(meter)
    )


def first_knot(meter: Meter) -> int | None:
    """Where the knots of a meter began, also where they were deleted; None where it was never polled."""
    return microseconds(meter.watched_from) if meter.watched_from else None


def _fill(meter: Meter) -> None:
    stored = Stretch.objects.filter(meter=meter, quality__in=(Quality.UNKNOWN, Quality.TOLD)).order_by(
        "start"
    )
    rows = [stretch.as_ledger() for stretch in stored]
    old = {row.start: row for row in rows if row.quality == Quality.TOLD or is_hole(row)}
    first = first_knot(meter)
    new = {row.start: row for row in filled(_holes(meter, old.values(), first), days_of(meter), first)}
    gone = [start for start, row in old.items() if new.get(start) != row]
    came = [row for start, row in new.items() if old.get(start) != row]
    stored.filter(start__among=gone).delete()
    rollup.series_ids([meter], stretch_rows.lines([(meter.pk, (), came)]))
    stretch_rows.insert((meter.pk, row) for row in came)


def _holes(meter: Meter, rows: Iterable[LedgerStretch], first: int | None) -> list[LedgerStretch]:
    """The holes that rows were before days were told in them: rows that meet, divided at knots."""
    within = [row for row in rows if first is not None and row.start >= first]
    inside = Knot.objects.filter(meter=meter, at__among=[row.start for row in within])
    knots = set(inside.values_list("at", flat=True))
    holes: list[LedgerStretch] = []
    for row in within:
        if holes and holes[-1].end == row.start and row.start not in knots:
            holes[-1] = LedgerStretch(holes[-1].start, row.end, Quality.UNKNOWN, {})
        else:
            holes.append(LedgerStretch(row.start, row.end, Quality.UNKNOWN, {}))
    return holes
