"""The numbers of a chart as a table: buckets in rows, series in columns. The chart draws exactly this."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import ClassVar

from usage import claims
from usage.claims import COUNT, Amount, Sureness, Unit
from usage.explore.query.dimensions import Dimension, SeriesId, series_text
from usage.explore.query.spans import Span
from usage.explore.reading.names import Names
from usage.explore.reading.series import NONE, OTHERS, REST, is_own
from usage.explore.reading.stretches import Block
from usage.explore.sheet.block_rows import BlockRow, block_row
from usage.explore.sheet.labels import bucket_labels
from usage.explore.sheet.marks import Mark, Seen
from usage.explore.sheet.palette import colour_numbers
from usage.explore.sheet.short_names import told_apart

MOST_COLUMNS = 8
# By model, what has none and models without a line of their own stand beside those that are told apart.
RESIDUAL, UNSEATED = (NONE,), (OTHERS,)


@dataclass(frozen=True, slots=True)
class Column:
    """One series of the chart: its ids, and the name that people read, which is `short` where there is little
    room. `number` names its colour: 0 to 7,
    `other` or `unattributed`; `beside` is what it has in each block, `total` the sum of all.
    """

    series: SeriesId
    label: str
    short: str
    number: int | str
    amounts: tuple[Amount, ...]
    beside: tuple[int, ...]
    total: Amount

    @property
    def name(self) -> str:
        """Its ids as one text, for addresses."""
        return series_text(self.series)

    @property
    def is_local(self) -> bool:
        """Tell whether raxdash itself ran it: no provider tells of it."""
        return is_own(self.series)

    @property
    def is_rest(self) -> bool:
        """Tell whether it stands for several that are not told apart here."""
        return self.series == REST


@dataclass(frozen=True, slots=True)
class Row:
    """One bucket; `amounts` stand in the order of the columns, `unseen` is the share nobody saw.
    `sureness` is of the bucket itself, `in_sum` of its part of a sum, which holds the stretches that it
    lies in. Where series overlap `used` is what all of them used together.
    """

    label: str
    start: datetime
    end: datetime
    mark: Mark
    unseen: float
    sureness: Sureness
    in_sum: Sureness
    amounts: tuple[Amount, ...]
    used: int | None = None
    unit: Unit = COUNT

    is_block: ClassVar[bool] = False

    @property
    def total(self) -> Amount:
        """The sum over all series, each token once."""
        certain = sum(amount.certain for amount in self.amounts) if self.used is None else self.used
        return claims.claimed(self.sureness, certain, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the chart draws and the table says of one metric over one span."""

    span: Span
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    blocks: tuple[BlockRow, ...] = ()
    unit: Unit = COUNT

    @property
    def total(self) -> Amount:
        """The sum of everything, each token once."""
        certain = sum(row.total.certain for row in self.rows)
        certain += sum(block.sum for block in self.blocks if not block.is_cut)
        more = sum(block.sum for block in self.blocks if block.is_cut)
        return claims.claimed(self.sureness, certain, more, self.unit)

    @property
    def sureness(self) -> Sureness:
        """How far the span is known, but for what is cut by its edges."""
        return claims.surest([row.in_sum for row in self.rows] + [block.in_sum for block in self.blocks])

    def without(self, hidden: Container[str]) -> "Sheet":
        """The same buckets without some series, by name; with all of them where none would be left."""
        places = [place for place, column in enumerate(self.columns) if column.name not in hidden]
        if not places or len(places) == len(self.columns):
            return self
        columns = tuple(self.columns[place] for place in places)
        rows = (replace(row, amounts=tuple(row.amounts[place] for place in places)) for row in self.rows)
        blocks = (block.of([column.beside[n] for column in columns]) for n, block in enumerate(self.blocks))
        return replace(self, columns=columns, rows=tuple(rows), blocks=tuple(blocks))

    def past(self) -> list[Row | BlockRow]:
        """The rows that have begun and the blocks, newest first, as a table lists them. A bucket that has
        nothing but what lies in blocks is told with those.
        """
        lines = [row for row in self.rows if row.mark not in {Mark.TO_COME, Mark.IN_STRETCH}]
        blocks = [block for block in self.blocks if any(block.used)]
        return sorted([*lines, *blocks], key=lambda line: (line.end, line.start), reverse=True)


def make_sheet(
    span: Span,
    by: Sequence[Dimension],
    amounts: Mapping[SeriesId, Sequence[int]],
    seen: Sequence[Seen],
    names: Names,
    now: datetime,
    blocks: Sequence[Block] = (),
    used: Sequence[int] | None = None,
    unit: Unit = COUNT,
) -> Sheet:
    """Lay out amounts by series and bucket, and what was used in stretches that are longer, counted in a
    unit. `used` is what all series used together, where they overlap.
    """
    buckets = list(zip(bucket_labels(span), span.buckets(), seen, strict=True))
    is_to_come = [start >= now for _, (start, _), _ in buckets]
    surenesses = [
        Sureness.TO_COME if coming else sureness_of(facts, (series[place] for series in amounts.values()))
        for place, ((_, _, facts), coming) in enumerate(zip(buckets, is_to_come, strict=True))
    ]
    columns = make_columns(by, amounts, names, surenesses, blocks, unit)
    marks = _marks(seen, list(zip(*amounts.values(), strict=True)), blocks)
    rows = tuple(
        Row(
            label,
            start,
            end,
            Mark.TO_COME if is_to_come[place] else marks[place],
            facts.unseen,
            surenesses[place],
            Sureness.TO_COME if is_to_come[place] else facts.sureness,
            tuple(column.amounts[place] for column in columns),
            None if used is None else used[place],
            unit,
        )
        for place, (label, (start, end), facts) in enumerate(buckets)
    )
    is_untold = any(facts.is_untold for facts in seen)
    beside = [
        replace(
            block_row(block, span, is_untold=is_untold),
            used=tuple(column.beside[place] for column in columns),
            apart=None if used is None else block.total,
            unit=unit,
        )
        for place, block in enumerate(blocks)
    ]
    sheet = Sheet(span, columns, rows, tuple(beside), unit)
    return replace(sheet, columns=tuple(map(partial(_summed, sheet), columns)))


def _marks(seen: Sequence[Seen], used: Sequence[Sequence[int]], blocks: Sequence[Block]) -> list[Mark]:
    """The word of each bucket. Where nothing was used before watching began, its spread is no question."""
    marks = [facts.mark for facts in seen]
    before = [place for place, mark in enumerate(marks) if mark == Mark.BEFORE_WATCHING]
    if blocks or any(any(used[place]) for place in before if used):
        return marks
    return [Mark.NONE if mark == Mark.BEFORE_WATCHING else mark for mark in marks]


def _summed(sheet: Sheet, column: Column) -> Column:
    """A column with its total, as far as that is known."""
    pairs = list(zip(column.beside, sheet.blocks, strict=True))
    certain = sum(amount.certain for amount in column.amounts)
    certain += sum(amount for amount, block in pairs if not block.is_cut)
    more = sum(amount for amount, block in pairs if block.is_cut)
    return replace(column, total=claims.claimed(sheet.sureness, certain, more, sheet.unit))


def sureness_of(seen: Seen, amounts: Iterable[int]) -> Sureness:
    """How far a bucket's amounts are known: what was counted in it is there, whoever saw it."""
    is_counted = seen.own_sureness == Sureness.UNKNOWN and any(amounts)
    return Sureness.AT_LEAST if is_counted else seen.own_sureness


def make_columns(
    by: Sequence[Dimension],
    amounts: Mapping[SeriesId, Sequence[int]],
    names: Names,
    surenesses: Sequence[Sureness],
    blocks: Sequence[Block] = (),
    unit: Unit = COUNT,
) -> tuple[Column, ...]:
    """The eight largest series in the order they first came, then the sum of others, then the residual. Their
    totals are still to be made.
    """
    used = _with_blocks(amounts, len(surenesses), blocks)
    residual = used.pop(RESIDUAL, None) if tuple(by) == (Dimension.MODEL,) else None
    rest = {series: used.pop(series) for series in _beside(by) if series in used}
    ordered = sorted(used, key=lambda series: (-sum(map(abs, used[series])), series))
    rest |= {series: used[series] for series in ordered[MOST_COLUMNS:]}
    places = {series: names.place(by, series) for series in ordered[:MOST_COLUMNS]}
    numbers = colour_numbers(places)
    in_order = sorted(places, key=lambda series: (places[series], series))
    laid_out: list[tuple[SeriesId, int | str, Sequence[int]]] = [
        (series, numbers[series], used[series]) for series in in_order
    ]
    if rest:
        series = next(iter(rest)) if len(rest) == 1 and not ordered[MOST_COLUMNS:] else REST
        laid_out.append((series, "other", tuple(map(sum, zip(*rest.values(), strict=True)))))
    if residual:
        laid_out.append((RESIDUAL, "unattributed", residual))
    count = len(surenesses)
    short_names = told_apart([names.parts_of(by, series) for series, *_ in laid_out])
    return tuple(
        Column(
            series,
            names.of_series(by, series),
            f"{short}{names.after(series)}",
            number,
            tuple(
                claims.claimed(sure, value, unit=unit)
                for sure, value in zip(surenesses, values[:count], strict=True)
            ),
            tuple(values[count:]),
            claims.UNKNOWN,
        )
        for (series, number, values), short in zip(laid_out, short_names, strict=True)
    )


def _beside(by: Sequence[Dimension]) -> list[SeriesId]:
    """The series that are several in one, beside those that are told apart."""
    return [REST, UNSEATED] if tuple(by) == (Dimension.MODEL,) else [REST]


def _with_blocks(
    amounts: Mapping[SeriesId, Sequence[int]], count: int, blocks: Sequence[Block]
) -> dict[SeriesId, tuple[int, ...]]:
    """Every series that was used, in the buckets and then in the blocks."""
    names = dict.fromkeys([*amounts, *(name for block in blocks for name in block.amounts)])
    nothing = (0,) * count
    series = {
        name: (*amounts.get(name, nothing), *(block.amounts.get(name, 0) for block in blocks))
        for name in names
    }
    return {name: values for name, values in series.items() if any(values)}
