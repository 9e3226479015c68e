"""A breakdown: what each value of the first dimension used, and within it each of the second."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import overload

from usage import claims
from usage.claims import Amount, Sureness
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading.names import Names
from usage.explore.sheet.changes import Change
from usage.explore.sheet.marks import Mark
from usage.explore.sheet.sums import Average, Sums
from usage.explore.sheet.tables import Column, Row
from usage.ledger import REQUESTS, TOKENS


@dataclass(frozen=True, slots=True)
class Line:
    """What one value used, or several together (`count` of them): `amounts` by metric, `before` those of the
    time that is compared. `number` names its colour in the chart, None where it has none of its own. `trend`
    is what it used bucket by bucket, None where nobody knows; empty where it was not read. `parts` are those
    of the second dimension, the largest first, if there is one.
    """

    series: SeriesId
    label: str
    number: int | str | None
    amounts: Mapping[str, Amount]
    before: Mapping[str, Amount]
    trend: tuple[int | None, ...] = ()
    parts: "Lines | None" = None
    count: int = 1

    def of(self, metric: str) -> Amount:
        """What it used of a metric."""
        return self.amounts.get(metric, claims.known(0))

    @property
    def average(self) -> Average:
        """Tokens a request."""
        return Average(self.of(TOKENS), self.of(REQUESTS))

    def change(self, metric: str) -> Change:
        """How much more it used than in the time that is compared."""
        return Change(self.of(metric), self.before.get(metric, claims.known(0)))


@dataclass(frozen=True, slots=True)
class Source:
    """Of what a breakdown is made: sums of every series that is shown, now and `before` where something is
    compared, the columns that the chart draws, and the amounts of its buckets, of which those of all others
    are one.
    """

    by: Sequence[Dimension]
    names: Names
    sums: Sums
    before: Sums | None
    columns: Sequence[Column]
    rows: Sequence[Row]
    amounts: Mapping[SeriesId, Sequence[int]]

    @property
    def levels(self) -> int:
        """How many levels rows have. Values that overlap sum to nothing, so those are no second one."""
        return 2 if len(self.by) == 2 and not self.by[1].overlaps else 1

    @property
    def all_series(self) -> list[SeriesId]:
        """Every series of which something is known, now or before."""
        told = [*self.sums.by_series.values(), *(self.before.by_series.values() if self.before else ())]
        return list(dict.fromkeys(series for amounts in told for series in amounts))


class Lines(Sequence[Line]):
    """The lines of a breakdown, those with the most of a metric first. Of hundreds a few are looked at: these
    are made then, and of all others what they used together.
    """

    def __init__(
        self,
        source: Source,
        groups: Mapping[SeriesId, Sequence[SeriesId]],
        metric: str,
        *,
        level: int = 1,
        is_nested: bool = False,
    ) -> None:
        self._source, self._metric, self._level, self.is_nested = source, metric, level, is_nested
        amounts = source.sums.by_series.get(metric)
        numbers = {named: amounts.numbers(group) if amounts else (0, 0) for named, group in groups.items()}
        ranked = sorted((-certain, -more, named) for named, (certain, more) in numbers.items())
        self._groups = [(named, groups[named]) for *_, named in ranked]
        self.certain = [-certain for certain, *_ in ranked]
        self._made: dict[int, Line] = {}

    def __len__(self) -> int:
        return len(self._groups)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        if place not in self._made:
            self._made[place] = self._line(*self._groups[place])
        return self._made[place]

    def _line(self, named: SeriesId, group: Sequence[SeriesId]) -> Line:
        source, names, is_first = self._source, self._source.names, self._level == 1
        colours = (column.number for column in source.columns if column.series == named)
        parts = {series: [series] for series in group}
        return Line(
            named,
            names.of_series(source.by[: len(named)], named) if is_first else names.of(source.by[1], named[1]),
            None if self.is_nested else next(colours, "other"),
            _totals(source.sums, [group]),
            _totals(source.before, [group]) if source.before else {},
            _trend(source, group),
            Lines(source, parts, self._metric, level=2) if self.is_nested else None,
        )

    def together(self, first: int, label: str) -> Line:
        """Those from one on as a line of no parts."""
        source, groups = self._source, [group for _, group in self._groups[first:]]
        trends = list(takewhile(bool, (_trend(source, group) for group in groups)))
        return Line(
            (),
            label,
            "other",
            _totals(source.sums, groups),
            _totals(source.before, groups) if source.before else {},
            tuple(map(_sum, zip(*trends, strict=True))) if len(trends) == len(groups) else (),
            count=len(groups),
        )


def break_down(source: Source, metric: str) -> Lines:
    """The lines of a breakdown, those with the most of a metric first."""
    if source.levels == 1:
        return Lines(source, {series: [series] for series in source.all_series}, metric)
    groups: dict[SeriesId, list[SeriesId]] = {}
    for series in source.all_series:
        groups.setdefault(series[:1], []).append(series)
    return Lines(source, groups, metric, is_nested=True)


def _totals(sums: Sums, groups: Sequence[Sequence[SeriesId]]) -> dict[str, Amount]:
    """What some groups used together by metric, as far as that is known."""
    return {metric: _total(sums, metric, groups) for metric in sums.by_series}


def _total(sums: Sums, metric: str, groups: Sequence[Sequence[SeriesId]]) -> Amount:
    """The sum of some groups; with that of nothing where nothing is to be said of one of them."""
    amounts = sums.by_series[metric]
    found = amounts.total(series for group in groups for series in group)
    if found is not None and amounts.unit.is_estimate:
        # What has no price is in no sum, nor in that of all: it is named beside them.
        return found
    lacking = [group for group in groups if not any(series in amounts for series in group)]
    if found is not None and not lacking:
        return found
    nothing = sums.nothing(metric, (series for group in lacking for series in group))
    return nothing if found is None else claims.total([found, nothing])


def _trend(source: Source, group: Sequence[SeriesId]) -> tuple[int | None, ...]:
    """What a group used by bucket; empty where one of it was not read by itself."""
    # What was used in the time that is compared alone adds nothing here.
    used_now = [one for one in group if any(one in told for told in source.sums.by_series.values())]
    read = [source.amounts[series] for series in used_now if series in source.amounts]
    if not read or len(read) < len(used_now):
        return ()
    used = map(sum, zip(*read, strict=True))
    rows = [row for row in source.rows if row.mark != Mark.TO_COME]
    return tuple(amount if amount or _is_seen(row) else None for row, amount in zip(rows, used, strict=False))


def _is_seen(row: Row) -> bool:
    """Tell whether nothing in a bucket is a zero, and no lack of knowledge."""
    return row.sureness != Sureness.UNKNOWN and row.mark != Mark.IN_STRETCH


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
