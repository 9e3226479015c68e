"""Blocks in the reader's words: time whose spread nobody saw, in one row over its whole length."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from usage import claims
from usage.claims import COUNT, Amount, Sureness, Unit
from usage.explore.query.spans import Span
from usage.explore.reading.sums.stretches import Block
from usage.explore.sheet.labels import days_label, time_label
from usage.explore.sheet.marks import INCOMPLETE
from usage.ledger import Quality
from usage.ledger.words import moment

WHY = {
    Quality.BEFORE_WATCHING: "before raxdash watched",
    Quality.INTERPOLATED: "polls were missed",
    Quality.BOUNDARY_MOVED: "the provider moved its period",
    Quality.TOLD: "told for the whole day",
}
# Of longer blocks the hours are not told.
LONG = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One block over the buckets `first` to `last`; `amounts` stand in the order of the columns. Of one that
    `is_cut` all or nothing may have been used within the span, in which a `share` of its time lies. Where
    series overlap `apart` is what all of them used together.
    """

    label: str
    why: str
    start: datetime
    end: datetime
    first: int
    last: int
    is_cut: bool
    is_least: bool
    share: float
    used: tuple[int, ...] = ()
    apart: int | None = None
    unit: Unit = COUNT

    is_block: ClassVar[bool] = True

    def of(self, used: Sequence[int]) -> "BlockRow":
        """The same block with what some columns used in it."""
        return replace(self, used=tuple(used))

    @property
    def sum(self) -> int:
        """What was used in it, wherever, each token once."""
        return sum(self.used) if self.apart is None else self.apart

    @property
    def in_sum(self) -> Sureness:
        """How far its part of a sum is known; one that is cut is none."""
        if self.is_cut:
            return Sureness.TO_COME
        return Sureness.AT_LEAST if self.is_least else Sureness.KNOWN

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What each column used in it."""
        return tuple(map(self._claimed, self.used))

    @property
    def total(self) -> Amount:
        """The sum over all series."""
        return self._claimed(self.sum)

    def _claimed(self, amount: int) -> Amount:
        if self.is_cut:
            return claims.at_least(0, amount, self.unit)
        return claims.claimed(self.in_sum, amount, unit=self.unit)

    @property
    def mark(self) -> str:
        """Why its spread is not known."""
        if self.is_cut:
            return f"{self.why}: up to {self.unit.number(self.sum)} of it may fall into this time"
        return f"{self.why}, spread unknown"

    @property
    def words(self) -> str:
        """All of it in a sentence without a full stop."""
        if self.is_cut:
            return f"{self.label}, {self.mark}"
        return f"{self.label}, {self.why}: {self.total}, spread unknown"

    @property
    def height(self) -> float:
        """What was used in it for each bucket, were it spread evenly: its part in the span, and all of it."""
        return self.sum * self.share / (self.last - self.first + 1)


def block_row(block: Block, span: Span, *, is_untold: bool) -> BlockRow:
    """A block in words, in the zone of a span, without its amounts. `is_untold` says that some key's provider
    does not tell them.
    """
    start, end = moment(block.start), moment(block.end)
    first, last = start.astimezone(span.zone), (end - timedelta(microseconds=1)).astimezone(span.zone)
    label = days_label(first, last) if end - start >= LONG else time_label(first, end.astimezone(span.zone))
    why = WHY.get(block.quality, "nobody saw it whole")
    is_least = is_untold or block.quality in INCOMPLETE
    share = (min(end, span.end) - max(start, span.start)) / (end - start)
    return BlockRow(label, why, start, end, block.first, block.last, block.is_cut, is_least, share)


def cut_words(blocks: Sequence[BlockRow], certain: Amount) -> str:
    """What may have been used within a span beside what is certain; empty where nothing is cut."""
    cut = [block for block in blocks if block.is_cut]
    if not cut:
        return ""
    words, more = certain.unit.words, " more" if certain.certain else ""
    parts = [f"up to {words(block.sum)}{more} of {block.label}" for block in cut[:3]]
    if others := cut[3:]:
        parts.append(f"up to {words(sum(block.sum for block in others))} of other times")
    began = all(block.why == WHY[Quality.BEFORE_WATCHING] for block in cut)
    known = f"{words(certain.certain)} since raxdash watches; " if began and certain.certain else ""
    sentence = f"{known}{' and '.join(parts)} may fall into this time."
    return sentence[0].upper() + sentence[1:]
