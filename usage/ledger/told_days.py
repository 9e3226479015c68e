"""Days that another source than polls told: they fill time that no poll measured, and no other.

That is the time before a meter's first knot, and holes: stretches of unknown time in which nothing was used.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest

from usage.ledger.stretches import LedgerStretch
from usage.ledger.words import METRICS, OTHER_MODELS, TOKENS, UNATTRIBUTED, Amounts, Quality, SeriesKey

# All told days of a meter together name so many models, the largest: each is a series for ever.
MOST_MODELS = 1_000


@dataclass(frozen=True, slots=True)
class ToldDay:
    """What was used in [start, end), microseconds, as somebody told at `told_at`: of `metrics` alone."""

    start: int
    end: int
    told_at: int
    amounts: Amounts
    metrics: frozenset[str] = frozenset(METRICS)


def is_hole(stretch: LedgerStretch) -> bool:
    """Tell whether days may be told in a stretch."""
    return stretch.quality == Quality.UNKNOWN and not stretch.amounts


def filled(
    stretches: Iterable[LedgerStretch], days: Iterable[ToldDay], first: int | None
) -> list[LedgerStretch]:
    """The stretches of a meter with told days in their holes and before its `first` knot, oldest first.

    A day fills only time that it fits into whole. Of days that overlap, the one told last counts; of the same
    day, what was told last of each metric. What the smaller of very many models used is that of other models.
    """
    found = list(stretches)
    holes = sorted((stretch for stretch in found if is_hole(stretch)), key=lambda hole: hole.start)
    fitting: list[LedgerStretch] = []
    for day in sorted(merged(days), key=lambda day: (-day.told_at, day.start, day.end)):
        is_before = first is None or day.end <= first
        if (is_before or _within(day, holes)) and not _overlaps(day, fitting):
            place = bisect_right(fitting, day.start, key=lambda other: other.start)
            fitting.insert(place, LedgerStretch(day.start, day.end, Quality.TOLD, day.amounts))
    fitting = seated(fitting)
    others = [stretch for stretch in found if not is_hole(stretch)]
    rests = [rest for hole in holes for rest in _beside(hole, fitting)]
    return sorted([*others, *rests, *fitting], key=lambda stretch: stretch.start)


def merged(days: Iterable[ToldDay]) -> list[ToldDay]:
    """Each day once: of each metric what was told last of it, at the time that anything was."""
    found: dict[tuple[int, int], ToldDay] = {}
    for day in sorted(days, key=lambda day: -day.told_at):
        newer = found.setdefault((day.start, day.end), day)
        if more := day.metrics - newer.metrics:
            amounts = {series: amount for series, amount in day.amounts.items() if series.metric in more}
            found[day.start, day.end] = replace(
                newer, amounts=newer.amounts | amounts, metrics=newer.metrics | more
            )
    return list(found.values())


def seated(rows: list[LedgerStretch]) -> list[LedgerStretch]:
    """The rows with so many models by name, the largest of all of them by tokens, and the others in one."""
    used: Counter[str] = Counter()
    for row in rows:
        for (model, metric), amount in row.amounts.items():
            used[model] += amount if metric == TOKENS else 0
    named = used.keys() - {UNATTRIBUTED, OTHER_MODELS}
    if len(named) <= MOST_MODELS:
        return rows
    kept = {UNATTRIBUTED, *nsmallest(MOST_MODELS, named, key=lambda model: (-used[model], model))}
    return [replace(row, amounts=_by_name(row.amounts, kept)) for row in rows]


def _by_name(amounts: Amounts, kept: Container[str]) -> Amounts:
    found: Counter[SeriesKey] = Counter()
    for series, amount in amounts.items():
        found[series if series.model in kept else SeriesKey(OTHER_MODELS, series.metric)] += amount
    return dict(found)


def _within(day: ToldDay, holes: Sequence[LedgerStretch]) -> bool:
    place = bisect_right(holes, day.start, key=lambda hole: hole.start)
    return place > 0 and day.end <= holes[place - 1].end


def _overlaps(day: ToldDay, fitting: Sequence[LedgerStretch]) -> bool:
    place = bisect_right(fitting, day.start, key=lambda other: other.start)
    before, after = fitting[max(place - 1, 0) : place], fitting[place : place + 1]
    return any(other.end > day.start for other in before) or any(other.start < day.end for other in after)


def _beside(hole: LedgerStretch, fitting: Sequence[LedgerStretch]) -> Iterable[LedgerStretch]:
    """What days leave of a hole."""
    start = hole.start
    for day in fitting:
        if hole.start <= day.start < hole.end:
            if start < day.start:
                yield hole.cut(start, day.start)
            start = day.end
    if start < hole.end:
        yield hole.cut(start, hole.end)
