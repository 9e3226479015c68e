"""A breakdown: what each value of the first dimension used, and within it each of the second."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

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
    of the second dimension, the largest first.
    """

    series: SeriesId
    label: str
    number: int | str | None
    amounts: Mapping[str, Amount]
    before: Mapping[str, Amount]
    trend: tuple[int | None, ...] = ()
    make_parts: Callable[[], tuple["Line", ...]] = tuple
    count: int = 1

    @property
    def parts(self) -> tuple["Line", ...]:
        """Those of the second dimension, the largest first."""
        return self.make_parts()

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


def break_down(source: Source, metric: str) -> list[Line]:
    """The lines of a breakdown, those with the most of a metric first."""
    if source.levels == 1:
        return largest_first((_line(source, [series], series) for series in source.all_series), metric)
    groups: dict[SeriesId, list[SeriesId]] = {}
    for series in source.all_series:
        groups.setdefault(series[:1], []).append(series)
    return largest_first((_line(source, group, first, metric) for first, group in groups.items()), metric)


def largest_first(lines: Iterable[Line], metric: str) -> list[Line]:
    """Lines by what they used of a metric."""
    return sorted(lines, key=lambda line: (-line.of(metric).certain, -line.of(metric).more, line.series))


def together(lines: Sequence[Line], label: str) -> Line:
    """Several lines as one, of no parts."""
    trends = [line.trend for line in lines]
    return Line(
        (),
        label,
        "other",
        _added([line.amounts for line in lines]),
        _added([line.before for line in lines]),
        tuple(map(_sum, zip(*trends, strict=True))) if all(trends) else (),
        count=len(lines),
    )


def _line(source: Source, group: Sequence[SeriesId], named: SeriesId, parted_by: str = "") -> Line:
    colours = (column.number for column in source.columns if column.series == named)

    @cache
    def parts() -> tuple[Line, ...]:
        return tuple(largest_first((_part(source, series) for series in group), parted_by))

    return Line(
        named,
        source.names.of_series(source.by[: len(named)], named),
        None if parted_by else next(colours, "other"),
        _totals(source.sums, group),
        _totals(source.before, group) if source.before else {},
        _trend(source, group),
        parts if parted_by else tuple,
    )


def _part(source: Source, series: SeriesId) -> Line:
    """A line of the second level, named by what it is within the first."""
    return replace(_line(source, [series], series), label=source.names.of(source.by[1], series[1]))


def _totals(sums: Sums, group: Sequence[SeriesId]) -> dict[str, Amount]:
    """What a group used by metric, as far as that is known."""
    nothing = sums.nothing
    return {
        metric: claims.total([amounts[one] for one in group if one in amounts] or [nothing[metric]])
        for metric, amounts in sums.by_series.items()
    }


def _added(parts: Sequence[Mapping[str, Amount]]) -> dict[str, Amount]:
    metrics = dict.fromkeys(metric for amounts in parts for metric in amounts)
    return {metric: claims.total([one[metric] for one in parts if metric in one]) for metric in metrics}


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
