"""How a bucket was seen, and the one word that its numbers need most."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from usage.claims import Amount, Sureness
from usage.ledger import Quality

UNSEEN = (Quality.UNKNOWN, Quality.TAIL_UNKNOWN)
# In time of these qualities more was used than is shown, perhaps.
INCOMPLETE = {*UNSEEN, Quality.BOUNDARY_MOVED}
# The seconds between a period's last poll and its end are told in words; they must not hatch a whole day.
LEAST_UNSEEN = 0.01
LEAST_INTERPOLATED = 0.25


class Mark(StrEnum):
    """How far a bucket's numbers can be trusted, where that needs a word."""

    NONE = ""
    TO_COME = "still to come"
    PROVISIONAL = "not complete yet"
    NOT_SEEN_YET = "not seen yet"
    PARTLY_NOT_SEEN_YET = "not seen yet in part: at least this much"
    UNKNOWN = "nothing was seen"
    PARTLY_UNKNOWN = "partly unseen: at least this much"
    BARELY_UNKNOWN = "a moment of it was not seen: at least this much"
    BOUNDARY_MOVED = "the provider moved its period: at least this much"
    UNTOLD = "not every key tells this: at least this much"
    IN_STRETCH = "in a longer time whose spread is not known"
    PARTLY_IN_STRETCH = "partly in a longer time whose spread is not known: at least this much"
    BEFORE_WATCHING = "from before raxdash watched: the sum is exact, its spread is not"
    INTERPOLATED = "polls were missed: the sum is exact, its spread is not"
    TOLD = "imported: told for the whole day, not measured"


PROVISIONAL = "provisional"


def quality_of(amount: Amount, note: str) -> str:
    """How far an amount is known, in a word: `known`, `provisional` while more is to be told of its time, `at
    least`, `unknown`, `to come`. The note is its mark, or words of its own.
    """
    is_provisional = amount.is_known and note == Mark.PROVISIONAL
    return PROVISIONAL if is_provisional else str(amount.sureness)


# Polls that should have told of it by now were missed.
LATE = {Mark.NOT_SEEN_YET, Mark.PARTLY_NOT_SEEN_YET}


@dataclass(frozen=True, slots=True)
class Seen:
    """How a bucket was seen: microseconds by quality, whether polls are still to come for it, whether polls
    that should have told of it by now were missed, how much of it lies in stretches that are longer, and
    whether some key's provider does not tell the metric. In an empty one no key is left: nothing was used.
    """

    qualities: Mapping[str, int]
    is_provisional: bool = False
    is_late: bool = False
    covered: int = 0
    is_untold: bool = False
    is_empty: bool = False

    def share(self, *qualities: Quality) -> float:
        """The part of the bucket's known length with one of these qualities, 0 to 1."""
        length = sum(self.qualities.values())
        return sum(self.qualities.get(quality, 0) for quality in qualities) / length if length else 0.0

    @property
    def unseen(self) -> float:
        """The part that nobody saw, 0 to 1; too little to be drawn counts as none."""
        share = self.share(*UNSEEN)
        return share if share >= LEAST_UNSEEN else 0.0

    @property
    def is_covered(self) -> bool:
        """Tell whether the bucket has nothing but what lies in longer stretches."""
        return 0 < sum(self.qualities.values()) <= self.covered

    @property
    def sureness(self) -> Sureness:
        """How far an amount in the bucket is known, once it has begun."""
        if self.is_empty:
            return Sureness.KNOWN
        seen = {quality for quality, length in self.qualities.items() if length}
        if self.is_provisional and not seen:
            return Sureness.TO_COME
        if seen <= set(UNSEEN):
            return Sureness.UNKNOWN
        return Sureness.AT_LEAST if self.is_untold or seen & INCOMPLETE else Sureness.KNOWN

    @property
    def own_sureness(self) -> Sureness:
        """How far it is known what was used in the bucket itself: what stretches hold may fall into it."""
        return Sureness.AT_LEAST if self.covered and self.sureness == Sureness.KNOWN else self.sureness

    @property
    def mark(self) -> Mark:
        """The word that the bucket needs most, once it has begun."""
        return self._doubt or self._spread

    @property
    def spread(self) -> Mark:
        """How the part that is told was spread, where its word says something else."""
        if not self._doubt and not self.covered:
            return Mark.NONE
        told = sum(self.qualities.values()) - self.covered - sum(self._time(each) for each in UNSEEN)
        if 2 * self._time(Quality.BEFORE_WATCHING) >= told > 0 and not self.covered:
            return Mark.BEFORE_WATCHING
        if self._time(Quality.TOLD) >= LEAST_INTERPOLATED * told > 0:
            return Mark.TOLD
        measured = self._time(Quality.MEASURED) + self._time(Quality.CORRECTED)
        return Mark.INTERPOLATED if told - measured >= LEAST_INTERPOLATED * told > 0 else Mark.NONE

    def _time(self, quality: Quality) -> int:
        return self.qualities.get(quality, 0)

    @property
    def _doubt(self) -> Mark:
        """Why its amount is not known, or not whole."""
        unseen = self.share(*UNSEEN)
        if self.is_late and unseen:
            return Mark.NOT_SEEN_YET if unseen >= 1 else Mark.PARTLY_NOT_SEEN_YET
        if self.is_provisional:
            return Mark.PROVISIONAL
        if unseen:
            return (
                Mark.UNKNOWN if unseen >= 1 else Mark.PARTLY_UNKNOWN if self.unseen else Mark.BARELY_UNKNOWN
            )
        if self.share(Quality.BOUNDARY_MOVED):
            return Mark.BOUNDARY_MOVED
        return Mark.UNTOLD if self.is_untold else Mark.NONE

    @property
    def _spread(self) -> Mark:
        """Why it is not known when within the bucket's neighbourhood its amount was used."""
        if self.covered:
            return Mark.IN_STRETCH if self.is_covered else Mark.PARTLY_IN_STRETCH
        if self.share(Quality.BEFORE_WATCHING) >= 0.5:
            return Mark.BEFORE_WATCHING
        if self.share(Quality.TOLD) >= LEAST_INTERPOLATED:
            return Mark.TOLD
        return Mark.INTERPOLATED if self.share(Quality.INTERPOLATED) >= LEAST_INTERPOLATED else Mark.NONE
