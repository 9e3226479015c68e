"""How well a team's meters were seen in any bucket, up to the last poll."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Self

from usage.ledger import Quality
from usage.ledger.words import microseconds
from usage.models import Meter


class Ramp:
    """The sum over instants s of max(0, x − s): how long ago each was, in all, in a few steps for any x."""

    def __init__(self, instants: Iterable[int]) -> None:
        self._instants = sorted(instants)
        self._sums = [0, *accumulate(self._instants)]

    def at(self, x: int) -> int:
        """The sum at x, in microseconds."""
        count = bisect_left(self._instants, x)
        return count * x - self._sums[count]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How long all meters together should have been seen in a bucket. Times are microseconds.

    A meter is watched from its first period to now; one whose key is gone or that has no usage endpoint, to
    its last answer. `waiting_since` is where the next polls go on: later buckets are provisional.
    """

    starts: Ramp
    ends: Ramp
    begin: int | None
    now: int
    waiting_since: int
    as_of: datetime | None

    @classmethod
    def of(cls, meters: Sequence[Meter], now: datetime) -> Self:
        """The coverage of these meters (with their keys loaded)."""
        spans = [
            (meter, microseconds(meter.watched_from), meter.watched_until)
            for meter in meters
            if meter.watched_from and meter.watched_until
        ]
        live = [until for meter, _, until in spans if meter.is_watched() and not meter.is_blind()]
        as_of = min(live, default=None)
        return cls(
            Ramp(start for _, start, _ in spans),
            Ramp(microseconds(now if meter.is_watched() else until) for meter, _, until in spans),
            min((start for _, start, _ in spans), default=None),
            microseconds(now),
            microseconds(as_of or now),
            as_of or max((until for _, _, until in spans), default=None),
        )

    def complete(self, seen: Counter[str], start: int, end: int) -> dict[str, int]:
        """The qualities of a bucket with the time added that nobody saw: {quality: microseconds}."""
        qualities = {quality: length for quality, length in seen.items() if length}
        missing = self._expected(start, end) - sum(qualities.values())
        if missing > 0:
            qualities[Quality.UNKNOWN] = qualities.get(Quality.UNKNOWN, 0) + missing
        return qualities

    def is_provisional(self, start: int, end: int) -> bool:
        """Tell whether polls that are still to come will change a bucket that has begun."""
        return self.waiting_since < end and start < self.now

    def _expected(self, start: int, end: int) -> int:
        """How long meters should have been seen; before the first of them, nobody looked."""
        until = min(end, max(self.waiting_since, start))
        if self.begin is None or until <= self.begin:
            return max(until - start, 0)
        unwatched = max(self.begin - start, 0)
        return self._watched(until) - self._watched(start) + unwatched

    def _watched(self, at: int) -> int:
        return self.starts.at(at) - self.ends.at(at)
