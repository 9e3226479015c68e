"""How well a team's meters were seen in any bucket, up to the last poll."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Self
from zoneinfo import ZoneInfo

from usage.explore.reading.scope.scope import EVER, Scope
from usage.ledger import Quality
from usage.ledger.words import microseconds
from usage.models import Facts


class Ramp:
    """The sum over instants s of max(0, x − s): how long ago each was, in all, in a few steps for any x.

    `counted` is {instant: how often}, in microseconds.
    """

    def __init__(self, counted: Mapping[int, int]) -> None:
        self._instants = sorted(counted)
        self._counts = [0, *accumulate(counted[instant] for instant in self._instants)]
        self._sums = [0, *accumulate(instant * counted[instant] for instant in self._instants)]

    def at(self, x: int) -> int:
        """The sum at x, in microseconds."""
        place = bisect_left(self._instants, x)
        return self._counts[place] * x - self._sums[place]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How long all meters together should have been seen in a bucket. Times are microseconds.

    A meter is watched from its first period to now; one whose key is gone or that has no usage endpoint, to
    its last answer. `waiting_since` is where the next polls go on: later buckets are provisional. What came
    after `late_since` should have been told by now, by all or some meters, and was not. Where no provider
    tells anything and shown is what raxdash ran (`is_own`), nothing is unseen. Filters may leave meters for
    some days: `kept` are how many of them from when to when, the first from `since` on.
    """

    starts: Ramp
    ends: Ramp
    begin: int | None
    now: int
    waiting_since: int
    late_since: int | None
    as_of: datetime | None
    is_own: bool = False
    kept: tuple[Ramp, Ramp] | None = None
    since: int = -EVER

    @classmethod
    def of(cls, facts: Facts, now: datetime) -> Self:
        """The coverage of meters, whose facts these are."""
        if facts.unmetered and not facts.told:
            return cls.own(now)
        starts, ends = Counter[int](), Counter[int]()
        # A clock that was ahead may have written it.
        as_of = min(facts.as_of, now) if facts.as_of else None
        for since, until, count in facts.spans:
            starts[microseconds(since)] += count
            ends[microseconds(until or now)] += count
        return cls(
            Ramp(starts),
            Ramp(ends),
            min(starts, default=None),
            microseconds(now),
            microseconds(as_of or now),
            None if facts.late_since is None else microseconds(facts.late_since),
            as_of or facts.last_answer,
        )

    @classmethod
    def own(cls, now: datetime) -> Self:
        """The coverage of what raxdash itself ran: all of it is known."""
        at = microseconds(now)
        return cls(Ramp({}), Ramp({}), None, at, at, None, now, is_own=True)

    def narrowed(self, scope: Scope, zone: ZoneInfo) -> "Coverage":
        """The coverage of the meters that filters leave, on the days on which they do."""
        told_of = {pk: (meter.since, meter.until) for meter in scope.meters for pk in meter.pks}
        starts, ends = Counter[int](), Counter[int]()
        kept = Counter[int](), Counter[int]()
        for part in scope.parts:
            first, last = part.span(zone)
            kept[0][first] += len(part.meters)
            kept[1][last] += len(part.meters)
            # Most of hundreds are watched since the same day, and still.
            alike = Counter(told_of[pk] for pk in part.meters)
            for (begun, ended), count in alike.items():
                if begun is None:
                    continue
                since = max(first, microseconds(begun))
                until = min(last, microseconds(ended) if ended else self.now)
                if since < until:
                    starts[since] += count
                    ends[until] += count
        ramps = Ramp(kept[0]), Ramp(kept[1])
        since = min(kept[0], default=EVER)
        return replace(self, starts=Ramp(starts), ends=Ramp(ends), kept=ramps, since=since)

    def is_empty(self, start: int, end: int) -> bool:
        """Tell whether filters leave no meter in a bucket: then nothing was used, for certain."""
        if self.kept is None:
            return False
        begun, ended = self.kept
        return begun.at(end) - begun.at(start) == ended.at(end) - ended.at(start)

    def complete(self, seen: Counter[str], start: int, end: int) -> dict[str, int]:
        """The qualities of a bucket with the time added that nobody saw: {quality: microseconds}."""
        if self.is_own:
            return {Quality.MEASURED: max(min(end, self.now) - start, 0)}
        qualities = {quality: length for quality, length in seen.items() if length}
        missing = self._expected(start, end) - sum(qualities.values())
        if missing > 0:
            qualities[Quality.UNKNOWN] = qualities.get(Quality.UNKNOWN, 0) + missing
        return qualities

    def is_provisional(self, start: int, end: int) -> bool:
        """Tell whether polls that are still to come will change a bucket that has begun."""
        return self.waiting_since < end and start < self.now

    def is_late(self, end: int) -> bool:
        """Tell whether polls were missed that should have told of a bucket by now."""
        return self.late_since is not None and self.late_since < end

    def _expected(self, start: int, end: int) -> int:
        """How long meters should have been seen; before the first of them, nobody looked."""
        until = min(end, max(self.waiting_since, start))
        if self.begin is None or until <= self.begin:
            return max(until - max(start, self.since), 0)
        unwatched = max(self.begin - max(start, self.since), 0)
        return self._watched(until) - self._watched(start) + unwatched

    def _watched(self, at: int) -> int:
        return self.starts.at(at) - self.ends.at(at)
