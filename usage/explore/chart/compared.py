"""What the shown time is compared with: its numbers up to where the shown time has gone, and beyond."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from usage.explore.proof.why_words import Sentence
from usage.explore.query.pairing import Pairing
from usage.explore.query.placed import Placed
from usage.explore.query.steps import Step
from usage.explore.query.words import compared_words, comparison_words, span_words, until_words
from usage.explore.reading.numbers import Numbers
from usage.explore.sheet.certainty import used_in
from usage.explore.sheet.tables import Sheet


def edges_before(pairing: Pairing) -> list[datetime]:
    """The edges of what is compared, up to where the shown time has gone."""
    return [*(edge for edge in pairing.edges if edge < pairing.cut), pairing.cut]


def edges_after(pairing: Pairing) -> list[datetime]:
    """The edges from there on; one alone where that is the end."""
    return [pairing.cut, *(edge for edge in pairing.edges if edge > pairing.cut)]


@dataclass(frozen=True)
class Compared:
    """What was used in another time. `numbers` reach from its start to where it had gone as far as the shown
    time has; their buckets are those of `pairing`, up to there. `rest` goes on to its end, where that is
    asked. `why` says what the difference is made of, where that `is_reasoned` about. Behind a sum that grows
    the period before may stand though it is not asked for.
    """

    placed: Placed
    pairing: Pairing
    numbers: Numbers
    rest: Numbers | None = None
    why: Sentence | None = None
    is_asked: bool = True
    is_reasoned: bool = True

    @property
    def label(self) -> str:
        """What it is called, with its days: `30 days before, 28 Sep – 27 Oct`."""
        compare = self.placed.query.compare
        name = "" if compare and compare.days else comparison_words(self.placed)
        days = span_words(self.pairing.start, self.pairing.end, self.placed.time)
        matched = "weekdays matched" if self._matches_weekdays else ""
        return ", ".join(filter(None, (name[:1].upper() + name[1:], days, matched)))

    @property
    def days(self) -> str:
        """The days and hours of which the totals are compared."""
        return compared_words(self.pairing, self.placed.time)

    @property
    def until(self) -> str:
        """Where a time is left of which not all is compared: `26 Oct, 14:00`; else empty."""
        return until_words(self.pairing, self.placed.time)

    @property
    def _matches_weekdays(self) -> bool:
        """Tell whether a Monday is compared with a Monday, where days or parts of them are compared."""
        if self.placed.step in (Step.WEEK, Step.MONTH):
            return False
        day_of = self.placed.time.day_of
        apart = day_of(self.placed.span.start) - day_of(self.pairing.start)
        is_long = self.placed.span.end - self.placed.span.start > timedelta(days=1, hours=1)
        return is_long and apart.days % 7 == 0

    @cached_property
    def amounts(self) -> Sequence[int | None]:
        """What was used in the partner of each bucket that is shown, as far as that was seen and is past."""
        return self._paired(used_in(self.numbers))

    def amounts_of(self, sheet: Sheet, drawn: Sheet) -> Sequence[int | None]:
        """The same without the series that are hidden, which `drawn` lacks."""
        return self._paired(self._drawn(self.numbers, sheet, drawn))

    def grown(self, sheet: Sheet, drawn: Sheet, restarts: Collection[int]) -> list[int | None]:
        """What had been used by the end of the partner of each bucket, to the end of the time, again from
        nothing at each of the buckets `restarts`. What lies in stretches counts where they end.
        """
        used = self._to_the_end(sheet, drawn)
        ended = Counter[int]()
        for number, total in self._ended_blocks():
            ended[number] += total
        sums: list[int | None] = []
        reached = 0
        for number, place in enumerate(self.pairing.places):
            reached = 0 if number in restarts else reached
            amount = None if place is None else used[place]
            beside = 0 if place is None else ended[place]
            reached += (amount or 0) + beside
            sums.append(None if amount is None and not beside else reached)
        return sums

    def _to_the_end(self, sheet: Sheet, drawn: Sheet) -> list[int | None]:
        """What was used in each bucket of the pairing."""
        used = self._drawn(self.numbers, sheet, drawn)
        if self.rest is None:
            return used
        later = self._drawn(self.rest, sheet, drawn)
        if not self._is_divided:
            return [*used, *later]
        before, after = used[-1], later[0]
        divided = None if before is None or after is None else before + after
        return [*used[:-1], divided, *later[1:]]

    @property
    def _is_divided(self) -> bool:
        """Tell whether a bucket has a part on both sides of the cut."""
        return self.pairing.cut not in self.pairing.edges

    def _ended_blocks(self) -> Iterator[tuple[int, int]]:
        """(place of the bucket in which it ends, what was used in it) of each whole stretch."""
        shift = len(self.numbers.edges) - 1 - self._is_divided
        for found, first in ((self.numbers, 0), (self.rest, shift)):
            for block in found.blocks if found else ():
                if not block.is_cut:
                    yield block.last + first, block.total

    def _paired(self, used: Sequence[int | None]) -> list[int | None]:
        return [None if place is None or place >= len(used) else used[place] for place in self.pairing.places]

    @staticmethod
    def _drawn(found: Numbers, sheet: Sheet, drawn: Sheet) -> list[int | None]:
        """What was used in each bucket by the series that are drawn."""
        used = used_in(found)
        if drawn is sheet or found.overlaps:
            return used
        shown, told = ({column.series for column in each.columns} for each in (drawn, sheet))
        has_rest = any(column.is_rest for column in drawn.columns)
        hidden = [
            amounts
            for series, amounts in found.amounts.items()
            if (series not in shown if series in told else not has_rest)
        ]
        return [
            None if amount is None else amount - sum(amounts[place] for amounts in hidden)
            for place, amount in enumerate(used)
        ]
