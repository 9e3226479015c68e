"""Write stretches as rows: beside quarters, and taken out again where knots changed."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from common.database import bulk
from usage.ledger import SeriesKey
from usage.ledger.codec import dump_amounts
from usage.ledger.quarters import QuarterMove
from usage.ledger.stretches import LedgerStretch
from usage.models import Stretch

type Moves = tuple[int, Iterable[QuarterMove], Iterable[LedgerStretch]]


class StretchRow(NamedTuple):
    """A stretch as a plain row."""

    meter_id: int
    start: int
    end: int
    quality: str
    amounts: object


def insert(stretches: Iterable[tuple[int, LedgerStretch]]) -> None:
    """Write stretches of meters (meter id, stretch) that are not there."""
    rows = (
        StretchRow(pk, stretch.start, stretch.end, str(stretch.quality), dump_amounts(stretch.amounts))
        for pk, stretch in stretches
    )
    bulk.insert(Stretch, rows, StretchRow._fields)


def replace(meter_id: int, start: int, end: int, stretches: Iterable[LedgerStretch]) -> None:
    """Let some stretches take the place of all that a meter has between two knots."""
    Stretch.objects.filter(meter=meter_id).overlapping(start, end).delete()
    insert((meter_id, stretch) for stretch in stretches)


def change_over(meter_id: int, start: int, end: int, stretches: Iterable[LedgerStretch]) -> None:
    """Let new stretches take the place of the old in [start, end) alone.

    A stretch may be longer than that. Of a new one everything up to `end` is written, and what was written of
    it when less had been changed over goes; of an old one what lies after `end` stays. So at any time all is
    new before `end` and old after it, and no time is counted twice.
    """
    cut = [stretch.cut(stretch.start, end) for stretch in stretches if stretch.start < end]
    stored = Stretch.objects.filter(meter=meter_id)
    begun = stored.filter(end__lte=start, start__in=[stretch.start for stretch in cut])
    old = stored.overlapping(start, end)
    rest = [stretch.as_ledger().cut(end, stretch.end) for stretch in old if stretch.end > end]
    begun.delete()
    old.delete()
    insert((meter_id, stretch) for stretch in [*cut, *rest])


def lines(moves: Iterable[Moves]) -> Iterator[tuple[int, SeriesKey]]:
    """The (meter id, series) that moved, in quarters or in stretches."""
    for pk, quarters, stretches in moves:
        yield from ((pk, row.series) for row in quarters)
        yield from ((pk, series) for stretch in stretches for series in stretch.amounts)
