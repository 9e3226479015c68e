"""What was used hour by hour, and how much of each hour was seen. Pure."""

from array import array
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate
from typing import Self

HOUR = timedelta(hours=1)
HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168


class History:
    """Hours that follow each other from `start`, an aware instant: `amounts` were used in what was `seen` of
    them, 0 to 1, or all of them. What was not seen is unknown, not zero; hours that are not `due` came before
    watching began. What a correction took back is none of the pace. Days and weeks are those of `zone`.

    Places in it are hours since `start`, with fractions.
    """

    def __init__(
        self,
        start: datetime,
        zone: tzinfo,
        amounts: Sequence[float],
        seen: Sequence[float] | None = None,
        due: Sequence[bool] | None = None,
    ) -> None:
        # Between two times of one zone Python counts the wall's hours, also where clocks change.
        self.start, self.zone = start.astimezone(UTC), zone
        self.amounts = [max(amount, 0) for amount in amounts]
        self.seen = [1.0] * len(amounts) if seen is None else seen
        self.due = [True] * len(amounts) if due is None else due
        self._used = [0.0, *accumulate(self.amounts)]
        self._watched = [0.0, *accumulate(self.seen)]

    def __len__(self) -> int:
        return len(self.amounts)

    @cached_property
    def digest(self) -> bytes:
        """What tells its hours apart from any others."""
        seen = array("d", [self.start.timestamp(), *self.seen]).tobytes()
        return blake2b(array("d", self.amounts).tobytes() + seen + str(self.zone).encode()).digest()

    def place(self, at: datetime) -> float:
        """The place of an instant."""
        return (at - self.start) / HOUR

    def instant(self, place: float) -> datetime:
        """The instant of a place."""
        return self.start + HOUR * place

    def used(self, start: float, end: float) -> float:
        """What was used between two places, as far as it was seen."""
        return at_place(self._used, end) - at_place(self._used, start)

    def watched(self, start: float, end: float) -> float:
        """How many hours between two places were seen."""
        return at_place(self._watched, end) - at_place(self._watched, start)

    def hours_due(self, start: float, end: float) -> float:
        """How many hours between two places should have been seen."""
        sums = [0.0, *accumulate(map(float, self.due))]
        return at_place(sums, end) - at_place(sums, start)

    def rate(self, start: float, end: float) -> float:
        """What was used in an hour between two places, by what was seen of them."""
        watched = self.watched(start, end)
        return self.used(start, end) / watched if watched else 0.0

    def usual_rate(self) -> float:
        """What was used in an hour of the last four weeks."""
        return self.rate(len(self) - 4 * HOURS_OF_WEEK, len(self))

    def from_first_use(self) -> Self:
        """The same without the hours before the first in which anything was used: there was nobody yet."""
        first = next((place for place, amount in enumerate(self.amounts) if amount), 0)
        return type(self)(
            self.instant(first), self.zone, self.amounts[first:], self.seen[first:], self.due[first:]
        )

    def same_times(self, place: float, since: float) -> list[float]:
        """The places of the same local time on the days before, from `since` on, ascending."""
        local = self.instant(place).astimezone(self.zone)
        days = range(int((place - since) / HOURS_OF_DAY) + 1, 0, -1)
        # Wall time is taken apart from its zone: a day before is not always 24 hours before.
        found = (self.place(local - timedelta(days=day)) for day in days)
        return [then for then in found if since <= then < place]

    def slots(self, hours: int) -> list[int]:
        """The hour of the local week, 0 to 167, in which each of so many hours from the start on begins."""
        slots: list[int] = []
        for day in range(0, hours, HOURS_OF_DAY):
            edges = [self.instant(day + hour).astimezone(self.zone) for hour in (0, HOURS_OF_DAY)]
            first, last = (local.weekday() * HOURS_OF_DAY + local.hour for local in edges)
            if (last - first) % HOURS_OF_WEEK == HOURS_OF_DAY:
                slots += [(first + hour) % HOURS_OF_WEEK for hour in range(HOURS_OF_DAY)]
            else:
                local_hours = (self.instant(day + hour).astimezone(self.zone) for hour in range(HOURS_OF_DAY))
                slots += [local.weekday() * HOURS_OF_DAY + local.hour for local in local_hours]
        return slots[:hours]


def at_place(sums: Sequence[float], place: float) -> float:
    """A running sum at a place, on a straight line within each hour; before the first and after the last it
    is flat.
    """
    if place <= 0:
        return 0.0
    whole = int(place)
    if whole >= len(sums) - 1:
        return sums[-1]
    return sums[whole] + (sums[whole + 1] - sums[whole]) * (place - whole)
