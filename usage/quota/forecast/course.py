"""The course of a forecast: a range at instants that follow each other, and when it crosses a limit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Point:
    """What will have been used at an instant: less than `low` one time in ten (P10), more than `high` one
    time in ten (P90), as often more as less than `middle` (P50).
    """

    at: datetime
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """When a limit is used up: before `earliest` one time in ten, after `latest` one time in ten, as often
    before as after `likely`. None is not before the end.
    """

    earliest: datetime | None
    likely: datetime | None
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will have been used, from now to the end of a span. With `is_profile` by the hours of the week,
    else along a straight line; the range is that of `tested` forecasts of earlier days at the same time.
    """

    points: Sequence[Point]
    is_profile: bool
    tested: int

    @property
    def end(self) -> Point:
        """What will have been used in all."""
        return self.points[-1]

    def at(self, instant: datetime) -> Point:
        """What will have been used at an instant between the first point and the last."""
        for before, after in pairwise(self.points):
            if before.at <= instant <= after.at:
                return _between(before, after, (instant - before.at) / (after.at - before.at))
        raise ValueError("The forecast does not reach there.")

    def crossing(self, limit: int) -> Crossing:
        """When a limit is used up."""
        return Crossing(*(self._reached(limit, name) for name in ("high", "middle", "low")))

    def _reached(self, limit: int, name: str) -> datetime | None:
        amount = attrgetter(name)
        if amount(self.points[0]) >= limit:
            return self.points[0].at
        for before, after in pairwise(self.points):
            if amount(after) >= limit:
                part = (limit - amount(before)) / (amount(after) - amount(before))
                return before.at + (after.at - before.at) * part
        return None


def _between(before: Point, after: Point, part: float) -> Point:
    amounts = (
        round(amount(before) + (amount(after) - amount(before)) * part)
        for amount in map(attrgetter, ("low", "middle", "high"))
    )
    return Point(before.at + (after.at - before.at) * part, *amounts)
