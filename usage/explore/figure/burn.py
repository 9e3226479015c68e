"""What was used up to the end of each bucket since its billing period began. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from usage import claims
from usage.claims import Amount, Sureness
from usage.explore.figure.hover import begun
from usage.explore.sheet.tables import Row, Sheet

# First and last of buckets that follow each other, which an area covers without a break.
type Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Burn:
    """Running sums of the buckets that have begun: `totals` of all series, and in `stacks`, for each column,
    what it and those below it used. They start again at the buckets `restarts`.
    """

    restarts: frozenset[int]
    totals: tuple[Amount, ...]
    stacks: tuple[tuple[int, ...], ...]
    pieces: tuple[Piece, ...]

    def before(self, column: int, place: int) -> int:
        """What a stack had reached when a bucket began."""
        return 0 if place == 0 or place in self.restarts else self.stacks[column][place - 1]

    @property
    def highest(self) -> int:
        """How far the stacks reach up."""
        return max((height for stack in self.stacks for height in stack), default=0)

    @property
    def lowest(self) -> int:
        """How far they reach below zero."""
        return min((height for stack in self.stacks for height in stack), default=0)

    def reached(self, amount: int) -> int | None:
        """The first bucket of the newest period in which so much was used; None where it was not yet."""
        since = max(self.restarts, default=0)
        return next((n for n in range(since, len(self.totals)) if self.totals[n].certain >= amount), None)


def burn_up(sheet: Sheet, restarts: Collection[int] = ()) -> Burn:
    """Add up a sheet from its start and from each bucket with which a billing period begins."""
    rows, starts = begun(sheet), frozenset(place for place in restarts if place > 0)
    return Burn(
        starts,
        tuple(_totals(sheet, rows, starts)),
        tuple(zip(*_stacks(sheet, rows, starts), strict=True)) if rows else (),
        tuple(_pieces(rows, starts)),
    )


def _stacks(sheet: Sheet, rows: Sequence[Row], starts: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """By bucket: what each column and those below it used. A block counts where it ends."""
    running = [0] * len(sheet.columns)
    for place, row in enumerate(rows):
        running = [0] * len(running) if place in starts else running
        parts = [amount.certain for amount in row.amounts]
        for block in sheet.blocks:
            if block.last == place and not block.is_cut:
                parts = [part + used for part, used in zip(parts, block.used, strict=True)]
        running = [sum_ + part for sum_, part in zip(running, parts, strict=True)]
        yield tuple(accumulate(running))


def _totals(sheet: Sheet, rows: Sequence[Row], starts: frozenset[int]) -> Iterator[Amount]:
    """By bucket: what all series used, each token once, and how far that is known. What was not seen leaves
    all later sums of its period lower bounds; within a block that will be counted where it ends.
    """
    running, is_least = 0, False
    for place, row in enumerate(rows):
        if place in starts:
            running, is_least = 0, False
        ended = [block for block in sheet.blocks if block.last == place and not block.is_cut]
        running += row.total.certain + sum(block.sum for block in ended)
        is_least |= row.in_sum in {Sureness.AT_LEAST, Sureness.UNKNOWN}
        is_least |= any(block.is_least for block in ended) or _is_cut(sheet, place)
        is_within = any(block.first <= place < block.last for block in sheet.blocks)
        if is_least or is_within:
            yield claims.at_least(running, unit=sheet.unit)
        else:
            yield claims.known(running, sheet.unit)


def _is_cut(sheet: Sheet, place: int) -> bool:
    return any(block.is_cut and block.first <= place <= block.last for block in sheet.blocks)


def _pieces(rows: Sequence[Row], starts: frozenset[int]) -> Iterator[Piece]:
    first = None
    for place, row in enumerate(rows):
        is_seen = row.total.drawn is not None
        if first is not None and (not is_seen or place in starts):
            yield first, place - 1
            first = None
        if is_seen and first is None:
            first = place
    if first is not None:
        yield first, len(rows) - 1
