"""Usage as teams make it, hour by hour: office hours, week-ends, nightly batches, moods, bursts, growth,
hours in which nothing works, and hours that nobody saw. It knows nothing of forecasts.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

MONDAY = datetime(2025, 1, 6, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What was used in each hour from Monday on, and how much of each was seen."""

    amounts: list[int]
    seen: list[float]

    def used(self, start, end):
        """What was used in the hours [start, end), whoever saw it."""
        return sum(self.amounts[start:end])

    def at(self, hour):
        """The instant at which an hour begins."""
        return MONDAY + timedelta(hours=hour)


class Team:
    """The habits of a team, drawn once."""

    def __init__(self, random):
        opens, closes = random.uniform(7.5, 10), random.uniform(16, 19)
        self.noon, self.half = (opens + closes) / 2, (closes - opens) / 2
        self.night = random.uniform(0.02, 0.25)
        self.weekdays = [random.uniform(0.8, 1.2) for _ in range(5)]
        self.weekdays += [random.uniform(0.05, 0.5) for _ in range(2)]
        self.batch_at, self.batch = random.randrange(6), random.choice([0, 0, random.uniform(1, 5)])
        self.growth, self.spread = random.uniform(-0.002, 0.008), random.uniform(0.1, 0.35)
        self.bursts, self.scale = random.uniform(0.05, 0.2), 10 ** random.uniform(2, 6)

    def hour(self, hour):
        """The part of a day's pace that an hour has."""
        return self.night + math.exp(-(((hour + 0.5 - self.noon) / self.half) ** 4))


def world(seed, days):
    """A world of so many days."""
    random = Random(seed)
    team, mood = Team(random), 0.0
    amounts: list[int] = []
    for day in range(days):
        mood = 0.5 * mood + random.gauss(0, team.spread)
        grown = team.scale * math.exp(team.growth * day)
        level = grown * team.weekdays[day % 7] * math.exp(mood)
        hours = [level * team.hour(hour) * random.gammavariate(4, 0.25) for hour in range(24)]
        if day % 7 < 5:
            hours[team.batch_at] += grown * team.batch * random.uniform(0.8, 1.2)
        if random.random() < team.bursts:
            size = grown * random.uniform(1, 5)
            for hour in some_hours(random, 5):
                hours[hour] += size * random.uniform(0.5, 1.5)
        if random.random() < 0.03:
            for hour in some_hours(random, 9):
                hours[hour] = 0
        amounts += map(int, hours)
    return World(amounts, watched(random, len(amounts)))


def some_hours(random, most):
    """Hours of a day that follow each other, fewer than `most`."""
    first = random.randrange(24)
    return range(first, min(first + random.randrange(1, most), 24))


def watched(random, hours):
    """How much of each hour was seen: now and then nobody looks for some hours."""
    seen, hour = [1.0] * hours, 0
    while (hour := hour + random.randrange(5, 40) * 24 + random.randrange(24)) < hours:
        for unseen in range(hour, min(hour + random.randrange(1, 9), hours)):
            seen[unseen] = 0.0
    return seen
