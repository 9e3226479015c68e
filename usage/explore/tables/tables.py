"""The tables below the chart: by value, or by time; each shows the numbers that the chart draws."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from usage.claims import Amount
from usage.explore.query.query import Query
from usage.explore.sheet.block_rows import BlockRow
from usage.explore.sheet.breakdown import Source, break_down
from usage.explore.sheet.sums import Sums
from usage.explore.sheet.tables import Column, Row, Sheet
from usage.explore.tables.row_pages import RowPage, row_page
from usage.explore.tables.value_table import ValueTable
from usage.ledger import COST

# So many buckets on a page.
TIMES_PER_PAGE = 100


@dataclass(frozen=True)
class Tables:
    """The tables of a question: `sheet` is what its chart draws, `sums` are those of all that is shown, and
    `before` those of the time that is compared.
    """

    query: Query
    sheet: Sheet
    sums: Sums
    before: Sums | None

    @cached_property
    def values(self) -> ValueTable:
        """What each value used."""
        found, before = self.sums.numbers, self.before
        source = Source(
            self.query.by,
            found.names,
            self.sums,
            before,
            self.sheet.columns,
            self.sheet.rows,
            found.amounts,
        )
        lines, totals = break_down(source, self.query.measure.value), self.sums.totals
        is_priced = COST in totals and found.is_by_series(COST) and not found.is_unpriced
        past = before.totals if before else {}
        return ValueTable(self.query, lines, totals, past, found.names.owners, is_priced=is_priced)

    @cached_property
    def times(self) -> RowPage:
        """What was used bucket by bucket, the newest first."""
        return row_page(self.sheet.past(), self.query, TIMES_PER_PAGE)

    @property
    def lines(self) -> Iterator[tuple[Row | BlockRow, list[tuple[Column, Amount]]]]:
        """The buckets and blocks of that page, each with what every column has of it."""
        for line in self.times:
            yield line, list(zip(self.sheet.columns, line.amounts, strict=True))

    @property
    def by_time(self) -> str:
        """The question with its table by time."""
        return self.query.address(listing=self.query.listing.changed(by_time=True))

    @property
    def by_value(self) -> str:
        """The question with its table by value."""
        return self.query.address(listing=self.query.listing.changed(by_time=False))
