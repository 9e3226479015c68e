"""What is expected from an instant on, by one of two methods that know only what lay before it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from usage.quota.forecast.history import History, at_place


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected from a place on: `sums` of hours that follow each other, the first of which began
    `offset` hours before; after the last they begin again. It is to be multiplied by one of the `levels`.
    """

    sums: Sequence[float]
    offset: float = 0.0
    levels: Sequence[float] = (1.0,)

    def expected(self, hours: float, level: int) -> float:
        """What is expected of so many hours, by the number of a level."""
        return (self._until(self.offset + hours) - self._until(self.offset)) * self.levels[level]

    def _until(self, place: float) -> float:
        rounds, rest = divmod(place, len(self.sums) - 1)
        return rounds * self.sums[-1] + at_place(self.sums, rest)


def straight_lines(
    history: History, places: Sequence[float], elapsed: float, least: float
) -> Iterator[Outlook]:
    """Straight lines from some places on: it goes on as it went in the `elapsed` hours before each of them,
    or since the first use, `least` hours ago at the least.
    """
    for place in places:
        since = max(place - elapsed, 0.0)
        watched = max(history.watched(since, place), min(least, elapsed))
        yield Outlook((0.0, history.used(since, place) / watched if watched else 0.0))
