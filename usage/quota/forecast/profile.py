"""What is to be expected by the hour of the week: the profile of a history, walked from its begin on. Pure.

The walk knows at each place only what lay before it, so that what it expected then can be held against what
came.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from usage.quota.forecast.history import HOURS_OF_DAY, HOURS_OF_WEEK, History
from usage.quota.forecast.outlook import Outlook

# An hour of which less was seen says nothing of others.
LEAST_SEEN = 0.5
# What lies six weeks back counts half as much as what was used now.
FADING = 0.5 ** (1 / 6)
# A burst is not the habit of its hour: no hour counts for more than so many times what was expected of it,
# and such a part of what was used in an hour of the last week. So a lasting rise is learnt within days.
MOST_TIMES, MOST_PART = 2.0, 0.5
# How much more or less than the profile says was used lately: in so many hours, and as if the level of the
# wider window had held for so many hours more. One night says little of a day.
WINDOWS = ((7 * HOURS_OF_DAY, 48), (HOURS_OF_DAY, 12), (10, 6))


class Profile:
    """The use of each hour of the week, the newest weeks most, and how the last hours compare to it."""

    def __init__(self) -> None:
        self._sums, self._weights = [0.0] * HOURS_OF_WEEK, [0.0] * HOURS_OF_WEEK
        # Running sums of what was used, as it came and as it counts, and of what was expected.
        self._used, self._counted, self._expected = [0.0], [0.0], [0.0]

    def learn(self, slot: int, amount: float, seen: float) -> None:
        """Take the next hour, which is that hour of the week; one that was hardly seen says nothing."""
        used = counted = expected = 0.0
        if seen >= LEAST_SEEN:
            used = counted = expected = amount / seen
            if self._weights[slot]:
                expected = self._sums[slot] / self._weights[slot]
                counted = min(used, MOST_TIMES * expected + MOST_PART * self._usual_rate())
            self._sums[slot] = self._sums[slot] * FADING + counted
            self._weights[slot] = self._weights[slot] * FADING + 1
        self._used.append(self._used[-1] + used)
        self._counted.append(self._counted[-1] + counted)
        self._expected.append(self._expected[-1] + expected)

    def _usual_rate(self) -> float:
        """What was used in an hour of the last week."""
        return self._last(self._used, HOURS_OF_WEEK) / HOURS_OF_WEEK

    def rates(self) -> list[float]:
        """What is used in each hour of the week; one that was never seen is like the others."""
        mean = sum(self._sums) / (sum(self._weights) or 1)
        pairs = zip(self._sums, self._weights, strict=True)
        return [used / weight if weight else mean for used, weight in pairs]

    def levels(self, mean: float) -> list[float]:
        """How many times what was expected was used lately, the widest window first; `mean` is that of the
        profile's rates.
        """
        level, found = 1.0, []
        for window, more in WINDOWS:
            counted, expected = self._last(self._counted, window), self._last(self._expected, window)
            if weight := more * mean:
                level = (counted + weight * level) / (expected + weight)
            found.append(level)
        return found

    @staticmethod
    def _last(sums: Sequence[float], hours: int) -> float:
        """The rise of a running sum in the last hours."""
        return sums[-1] - sums[max(len(sums) - 1 - hours, 0)]


def by_profile(history: History, places: Sequence[float], hours: float) -> Iterator[Outlook]:
    """What was expected at each of some places, ascending, of the hours after it; of so many at the last."""
    ahead = int(hours) + 2
    slots = history.slots(int(places[-1]) + ahead)
    profile, learnt = Profile(), 0
    for place in places:
        first = min(int(place), len(history))
        for hour in range(learnt, first):
            profile.learn(slots[hour], history.amounts[hour], history.seen[hour])
        learnt = first
        rates = profile.rates()
        # Before the last place a week will do: it comes round again, but for a change of clocks.
        length = ahead if place == places[-1] else min(ahead, HOURS_OF_WEEK)
        following = (rates[slot] for slot in slots[first : first + length])
        levels = profile.levels(sum(rates) / HOURS_OF_WEEK)
        yield Outlook((0.0, *accumulate(following)), place - first, levels)
