"""The numbers of a chart as a table: buckets in rows, models in columns. The chart draws exactly this."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import ClassVar

from usage import claims
from usage.books.breakdown import BY_RAXDASH
from usage.claims import Amount, Sureness
from usage.explore.query.spans import Span
from usage.explore.reading import local
from usage.explore.reading.stretches import Block
from usage.explore.sheet.block_rows import BlockRow, block_row
from usage.explore.sheet.labels import bucket_labels
from usage.explore.sheet.marks import Mark, Seen
from usage.explore.sheet.palette import COLOURS, OTHER_COLOUR, UNATTRIBUTED_COLOUR, colour_numbers
from usage.ledger import UNATTRIBUTED

MOST_COLUMNS = 8
# No model's name: a provider may well offer one that is called "Other".
OTHER = "(other models)"
LABELS = {UNATTRIBUTED: "Unattributed", OTHER: "Other models"}


@dataclass(frozen=True, slots=True)
class Column:
    """One series of the chart. `number` names its colour: 0 to 7, `other` or `unattributed`; `beside` is what
    it has in each block, `total` the sum of all.
    """

    name: str
    number: int | str
    amounts: tuple[Amount, ...]
    beside: tuple[int, ...]
    total: Amount

    @property
    def label(self) -> str:
        """The name that people read."""
        return local.label(self.name) if self.is_local else LABELS.get(self.name, self.name)

    @property
    def is_local(self) -> bool:
        """Tell whether raxdash itself ran it: no provider tells of it."""
        return self.name.startswith(BY_RAXDASH)

    @property
    def colour(self) -> str:
        """The colour as `#rrggbb`."""
        if isinstance(self.number, int):
            return COLOURS[self.number]
        return OTHER_COLOUR if self.number == "other" else UNATTRIBUTED_COLOUR


@dataclass(frozen=True, slots=True)
class Row:
    """One bucket; `amounts` stand in the order of the columns, `unseen` is the share nobody saw.
    `sureness` is of the bucket itself, `in_sum` of its part of a sum, which holds the stretches that it
    lies in.
    """

    label: str
    start: datetime
    end: datetime
    mark: Mark
    unseen: float
    sureness: Sureness
    in_sum: Sureness
    amounts: tuple[Amount, ...]

    is_block: ClassVar[bool] = False

    @property
    def total(self) -> Amount:
        """The sum over all series."""
        return claims.claimed(self.sureness, sum(amount.certain for amount in self.amounts))


@dataclass(frozen=True, slots=True)
class Share:
    """A column's part: how long its bar is (0 to 100, beside the longest), and its percentage of the total,
    None where there is no whole that it could be a part of.
    """

    column: Column
    width: float
    percentage: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the chart draws and the table says of one metric over one span."""

    span: Span
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    blocks: tuple[BlockRow, ...] = ()

    @property
    def total(self) -> Amount:
        """The sum of everything."""
        certain = sum(column.total.certain for column in self.columns)
        return claims.claimed(self.sureness, certain, sum(column.total.more for column in self.columns))

    @property
    def sureness(self) -> Sureness:
        """How far the span is known, but for what is cut by its edges."""
        return claims.surest([row.in_sum for row in self.rows] + [block.in_sum for block in self.blocks])

    def without(self, hidden: Container[str]) -> "Sheet":
        """The same buckets without some series; with all of them where none would be left."""
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

    def shares(self) -> list[Share]:
        """The columns by size. Where usage was taken back from one, the others are no parts of a whole."""
        ordered = sorted(self.columns, key=lambda column: -column.total.certain)
        amounts = [column.total.certain for column in ordered]
        longest, whole = max(map(abs, amounts), default=0), sum(amounts)
        has_parts = whole > 0 and min(amounts) >= 0
        return [
            Share(
                column,
                max(100 * amount / (whole if has_parts else longest or 1), 0.0),
                100 * amount / whole if has_parts else None,
            )
            for column, amount in zip(ordered, amounts, strict=True)
        ]


def make_sheet(
    span: Span,
    amounts: Mapping[str, Sequence[int]],
    seen: Sequence[Seen],
    known: Iterable[str],
    now: datetime,
    blocks: Sequence[Block] = (),
) -> Sheet:
    """Lay out amounts by model and bucket, and what was used in stretches that are longer; `known` are all
    models of the team, the first seen first.
    """
    buckets = list(zip(bucket_labels(span), span.buckets(), seen, strict=True))
    is_to_come = [start >= now for _, (start, _), _ in buckets]
    surenesses = [
        Sureness.TO_COME if coming else sureness_of(facts, (series[place] for series in amounts.values()))
        for place, ((_, _, facts), coming) in enumerate(zip(buckets, is_to_come, strict=True))
    ]
    columns = make_columns(amounts, list(known), surenesses, blocks)
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
        )
        for place, (label, (start, end), facts) in enumerate(buckets)
    )
    is_untold = any(facts.is_untold for facts in seen)
    beside = [
        block_row(block, span, is_untold=is_untold).of([column.beside[place] for column in columns])
        for place, block in enumerate(blocks)
    ]
    sheet = Sheet(span, columns, rows, tuple(beside))
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
    return replace(column, total=claims.claimed(sheet.sureness, certain, more))


def sureness_of(seen: Seen, amounts: Iterable[int]) -> Sureness:
    """How far a bucket's amounts are known: what was counted in it is there, whoever saw it."""
    is_counted = seen.own_sureness == Sureness.UNKNOWN and any(amounts)
    return Sureness.AT_LEAST if is_counted else seen.own_sureness


def make_columns(
    amounts: Mapping[str, Sequence[int]],
    known: Sequence[str],
    surenesses: Sequence[Sureness],
    blocks: Sequence[Block] = (),
) -> tuple[Column, ...]:
    """The eight largest models in the order they first came, then the sum of others, then the residual. Their
    totals are still to be made.
    """
    used = _with_blocks(amounts, len(surenesses), blocks)
    residual, unseated = used.pop(UNATTRIBUTED, None), used.pop(OTHER, None)
    shown = sorted(used, key=lambda name: (-sum(map(abs, used[name])), name))[:MOST_COLUMNS]
    place = {name: number for number, name in enumerate(known)}
    shown.sort(key=lambda name: (place.get(name, len(place)), name))
    numbers = colour_numbers((name for name in known if name not in LABELS), shown)
    laid_out: list[tuple[str, int | str, Sequence[int]]] = [
        (name, numbers[name], used[name]) for name in shown
    ]
    rest = [series for name, series in used.items() if name not in numbers]
    if rest := [*rest, *([unseated] if unseated else [])]:
        laid_out.append((OTHER, "other", tuple(map(sum, zip(*rest, strict=True)))))
    if residual:
        laid_out.append((UNATTRIBUTED, "unattributed", residual))
    count = len(surenesses)
    return tuple(
        Column(
            name,
            number,
            tuple(map(claims.claimed, surenesses, series[:count])),
            tuple(series[count:]),
            claims.UNKNOWN,
        )
        for name, number, series in laid_out
    )


def _with_blocks(
    amounts: Mapping[str, Sequence[int]], count: int, blocks: Sequence[Block]
) -> dict[str, tuple[int, ...]]:
    """Every series that was used, in the buckets and then in the blocks."""
    names = dict.fromkeys([*amounts, *(name for block in blocks for name in block.amounts)])
    nothing = (0,) * count
    series = {
        name: (*amounts.get(name, nothing), *(block.amounts.get(name, 0) for block in blocks))
        for name in names
    }
    return {name: values for name, values in series.items() if any(values)}
