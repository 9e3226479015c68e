"""How far forecasts were off, told at the same time on the days before: what a range is made of. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from usage.quota.forecast.history import History
from usage.quota.forecast.outlook import Outlook

# Errors are told in shares of what was expected, and of this part of what is used as a rule: where next to
# nothing was expected any amount would be many times that.
LEAST_PART = 0.1
# Of a time of which less was seen nobody can say how it ended.
LEAST_WATCHED = 0.8
# Errors over longer times than this many days told are those of the longest time that so many did.
WANTED = 8
# While fewer days than that told an error, these count beside theirs, less with each that did.
SUPPOSED = (-0.6, -0.35, -0.15, 0.0, 0.15, 0.4, 0.9)
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class PastErrors:
    """What was expected at some places of a history, to be held against what came."""

    history: History
    places: Sequence[float]
    outlooks: Sequence[Outlook]

    @property
    def longest(self) -> float:
        """The longest time over which enough forecasts have come to their end, in hours."""
        return len(self.history) - self.places[min(WANTED, len(self.places)) - 1] if self.places else 0.0

    def best_level(self, hours: float, levels: int) -> int:
        """The number of the level by which forecasts of so many hours were off least in all."""
        pairs = list(self._told(min(hours, self.longest)))

        def missed(level: int) -> float:
            return sum(abs(used - outlook.expected(over, level)) for used, over, outlook in pairs)

        return min(range(levels), key=missed)

    def of(self, hours: float, level: int, usual: float) -> "Errors":
        """The errors of forecasts of so many hours; `usual` is what is used in an hour as a rule."""
        found = []
        for used, over, outlook in self._told(min(hours, self.longest)):
            expected = outlook.expected(over, level)
            scale = scale_of(expected, over, usual)
            found.append((used - expected) / scale if scale else 0.0)
        return Errors(found)

    def _told(self, hours: float) -> "Sequence[tuple[float, float, Outlook]]":
        """(what came, of how many hours, what was expected) where that was seen."""
        found = []
        for place, outlook in zip(self.places, self.outlooks, strict=True):
            if place + hours > len(self.history):
                break
            watched = self.history.watched(place, place + hours)
            if watched >= LEAST_WATCHED * hours > 0:
                found.append((self.history.used(place, place + hours) * hours / watched, hours, outlook))
        return found


def scale_of(expected: float, hours: float, usual: float) -> float:
    """What an error of 1 means in tokens, where so much is expected of so many hours."""
    return expected + LEAST_PART * usual * hours


class Errors:
    """Past errors in shares. Where they are few, what one would suppose counts beside them."""

    def __init__(self, found: Sequence[float]) -> None:
        self.count = len(found)
        weight = max(ENOUGH - len(found), 0) / ENOUGH
        weighed = [(error, 1.0) for error in found]
        self._ordered = sorted(weighed + [(error, weight) for error in SUPPOSED if weight])
        self._total = sum(each for _, each in self._ordered)

    def quantile(self, part: float) -> float:
        """The error that this part of all errors, one to come among them, does not exceed."""
        wanted = part * (self._total + 1)
        passed = self._ordered[0][1]
        if wanted <= passed:
            return self._ordered[0][0]
        for (before, _), (error, weight) in pairwise(self._ordered):
            if passed + weight >= wanted:
                return before + (error - before) * (wanted - passed) / weight
            passed += weight
        return self._ordered[-1][0]
