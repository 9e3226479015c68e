"""The table below the chart: what each value used, in an order, so many at a time, each with its question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from usage.claims import Amount
from usage.explore.figure.spark import spark_path
from usage.explore.query.dimensions import Dimension
from usage.explore.query.listing import Order
from usage.explore.query.measures import Measure
from usage.explore.query.query import Query
from usage.explore.reading.names import rest_of
from usage.explore.reading.scope.series import plain
from usage.explore.sheet.breakdown import Line, Lines
from usage.explore.sheet.changes import Change
from usage.explore.sheet.short_names import told_apart
from usage.explore.sheet.sums import Average
from usage.explore.tables.drilling import deeper
from usage.explore.tables.row_pages import RowPage, row_page
from usage.explore.tables.value_order import direction, in_order
from usage.ledger import COST, METRICS, REQUESTS, TOKENS

# So many rows stand by themselves, then all others in one; of all rows so many on a page.
FEW, PER_PAGE = 8, 25
LONG = 10**12


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: the question sorted by it, and how it is sorted now, where it is."""

    label: str
    address: str
    direction: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: an `amount` of what is counted and one of what is told beside it. Its share as the width of a
    bar and as a percentage, None where there is no whole. `address` asks about it alone, or opens the others.
    Its name is `short` where there is little room.
    """

    line: Line
    amount: Amount
    other: Amount
    width: float
    percentage: float | None
    change: str
    address: str
    owner: str = ""
    parts: tuple["Entry", ...] = ()
    difference: str = ""
    short: str = ""
    cost: Amount | None = None

    @property
    def path(self) -> str:
        """How it went, as a path."""
        return spark_path(self.line.trend)

    @property
    def is_several(self) -> bool:
        """Tell whether it stands for several."""
        return self.line.count > 1


@dataclass(frozen=True)
class ValueTable:
    """The rows of a question: `lines` with the most first, of which all used `totals` by metric, and `before`
    in the time that is compared, if any. `owners` are those of keys by their ids. `is_priced` says that it is
    known what each row cost.
    """

    query: Query
    lines: Lines
    totals: Mapping[str, Amount]
    before: Mapping[str, Amount]
    owners: Mapping[str, str]
    is_priced: bool = False

    @property
    def metric(self) -> str:
        """What is counted."""
        return self.query.measure.value

    @property
    def beside(self) -> str:
        """The metric that is told beside it."""
        return next(metric for metric in METRICS if metric != self.metric)

    @property
    def dimension(self) -> Dimension:
        """By what rows are told apart."""
        return self.query.by[0]

    @property
    def is_nested(self) -> bool:
        """Tell whether rows have parts."""
        return self.lines.is_nested and bool(self.lines)

    @property
    def has_owners(self) -> bool:
        """Tell whether rows are keys, which have owners."""
        return self.dimension == Dimension.KEY

    @property
    def has_cost(self) -> bool:
        """Tell whether rows tell what they cost, beside what is counted."""
        return self.is_priced and self.metric != COST

    @property
    def heads(self) -> dict[str, Head]:
        """The heads of the columns."""
        by = self.query.by[:1] if self.is_nested else self.query.by
        orders = {
            "name": (Order.NAME, ", ".join(each.label for each in by)),
            "owner": (Order.OWNER, "Owner"),
            "amount": (Order(self.metric), self.query.measure.head(self.total.unit)),
            "change": (Order.CHANGE, "Change"),
            "beside": (Order(self.beside), Measure(self.beside).label),
            "average": (Order.AVERAGE, "Tokens a request"),
            **({"cost": (Order.COST, Measure.COST.head(self.totals[COST].unit))} if self.has_cost else {}),
        }
        return {name: self._head(order, label) for name, (order, label) in orders.items()}

    def _head(self, order: Order, label: str) -> Head:
        listing = self.query.listing
        address = self.query.address(listing=listing.ordered(order, Order(self.metric)))
        return Head(label, address, direction(order, listing, self.metric))

    @cached_property
    def _rows(self) -> Sequence[Line]:
        """All rows in their order; the largest, and then all others in one, unless all are asked for."""
        if self.query.listing.is_all or len(self.lines) <= FEW + 1:
            return self._sorted(self.lines)
        is_by_one = self.is_nested or len(self.query.by) == 1
        rest = self.lines.together(FEW, rest_of(self.dimension) if is_by_one else "Other series")
        return [*self._sorted(self.lines[:FEW]), rest]

    def _sorted(self, lines: Sequence[Line]) -> list[Line]:
        return in_order(lines, self.query.listing, self.metric, self._owner)

    @cached_property
    def page(self) -> RowPage:
        """The rows that are shown."""
        return row_page(self._rows, self.query, PER_PAGE)

    @cached_property
    def entries(self) -> list[Entry]:
        """Those rows, finished."""
        return [self._entry(line) for line in self.page]

    def largest(self, most: int) -> list[Entry]:
        """The rows with the most, so many at most, whatever the address lists."""
        return [self._entry(line) for line in self.lines[:most]]

    def _entry(self, line: Line) -> Entry:
        opened = self.query.listing.changed(is_all=True)
        address = deeper(self.query, line.series) if line.series else self.query.address(listing=opened)
        return self._finished(line, address, tuple(map(self._part, self._parts(line))))

    def _parts(self, line: Line) -> Sequence[Line]:
        if line.parts is None or len(line.parts) <= FEW + 1:
            return line.parts or ()
        return [*line.parts[:FEW], line.parts.together(FEW, rest_of(self.query.by[1]))]

    def _part(self, line: Line) -> Entry:
        return self._finished(line, deeper(self.query, line.series) if line.series else "", ())

    def _finished(self, line: Line, address: str, parts: tuple[Entry, ...]) -> Entry:
        amount, whole = line.of(self.metric), self._whole
        width = max(100 * amount.certain / (whole or self._longest), 0.0)
        change = line.change(self.metric) if self.before else None
        return Entry(
            line,
            amount,
            line.of(self.beside),
            width,
            amount.percentage_of(whole),
            change.words if change else "",
            address,
            self._owner(line),
            parts,
            change.number if change else "",
            self._short.get(line.label, line.label),
            line.of(COST) if self.has_cost else None,
        )

    @cached_property
    def _short(self) -> dict[str, str]:
        """The names of what is shown, in which long ones differ where they are short."""
        shown = [line.label for row in self.page for line in (row, *self._parts(row))]
        names = list(dict.fromkeys(shown))
        return dict(zip(names, told_apart([[name] for name in names]), strict=True))

    @cached_property
    def _whole(self) -> int:
        """What rows are parts of; 0 where usage was taken back from one, so that there is no whole."""
        has_parts = all(certain >= 0 for certain in self.lines.certain)
        return max(self.totals[self.metric].certain, 0) if has_parts else 0

    @cached_property
    def _longest(self) -> int:
        return max(map(abs, self.lines.certain), default=0) or 1

    def _owner(self, line: Line) -> str:
        return self.owners.get(plain(line.series[0]), "") if line.series else ""

    @property
    def fewer(self) -> str:
        """The question with the largest rows alone; empty where they are all that is shown."""
        listing = self.query.listing
        is_more = listing.is_all and len(self.lines) > FEW + 1
        return self.query.address(listing=listing.changed(is_all=False)) if is_more else ""

    @property
    def is_long(self) -> bool:
        """Tell whether its figures take more room than there is on a phone, or beside many columns."""
        return any(abs(total.certain) >= LONG for total in self.totals.values())

    @property
    def is_wide(self) -> bool:
        """Tell whether its columns take more room than there is beside the menu of a small screen."""
        return self.has_owners + bool(self.before) + self.has_cost > 1

    @property
    def total(self) -> Amount:
        """What all rows used, each token once."""
        return self.totals[self.metric]

    @property
    def total_beside(self) -> Amount:
        """The same of the metric beside it."""
        return self.totals[self.beside]

    @property
    def total_cost(self) -> Amount:
        """What all of it cost."""
        return self.totals[COST]

    @property
    def total_average(self) -> Average:
        """Tokens a request, of all rows."""
        return Average(self.totals[TOKENS], self.totals[REQUESTS])

    @property
    def total_change(self) -> str:
        """How all of it changed."""
        return Change(self.total, self.before[self.metric]).words if self.before else ""
