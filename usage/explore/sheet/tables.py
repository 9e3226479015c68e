"""The numbers of a chart as a table: buckets in rows, series in columns. The chart draws exactly this."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from usage import claims
from usage.claims import COUNT, Amount, Sureness, Unit
from usage.explore.query.dimensions import SeriesId, series_text
from usage.explore.query.spans import Span
from usage.explore.reading.scope.series import REST, is_own
from usage.explore.sheet.block_rows import BlockRow
from usage.explore.sheet.marks import Mark


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
    lies in. Where series overlap `used` is what all of them used together. `spread` says how what is told of
    it was spread, where its mark says something else.
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
    spread: Mark = Mark.NONE

    is_block: ClassVar[bool] = False

    @property
    def total(self) -> Amount:
        """The sum over all series, each token once."""
        certain = sum(amount.certain for amount in self.amounts) if self.used is None else self.used
        below = sum(amount.below for amount in self.amounts)
        return claims.claimed(self.sureness, certain, unit=self.unit, below=below)


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
        below = sum(column.total.below for column in self.columns)
        return claims.claimed(self.sureness, certain, more, self.unit, below)

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
