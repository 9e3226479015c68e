"""The day's curve: what was used, what is expected, a usual day, the limit; as paths of an SVG. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import mean
from zoneinfo import ZoneInfo

from common.templatetags.numbers import compact
from usage.quota.day import QuotaDay
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.history import HOURS_OF_WEEK, History
from usage.quota.page.account_day import Step

LEFT, RIGHT, TOP, GROUND = 40.0, 360.0, 24.0, 120.0
HOUR = timedelta(hours=1)
MARKS = (6, 12, 18)
# Of a day of which less was seen nobody would say that it was usual; of fewer days neither.
LEAST_SEEN, LEAST_DAYS = 0.8, 2
# What is expected may be far beyond the limit: the picture ends here.
ABOVE = 1.15
FAR = 5

type Points = Sequence[tuple[datetime, float]]


@dataclass(frozen=True)
class Curve:
    """A quota day that goes on: `used` are its sums so far, `usual` those of such a day as a rule."""

    day: QuotaDay
    zone: ZoneInfo
    used: Points
    limit: int | None
    forecast: Forecast | None = None
    usual: Points = ()
    ends_at: datetime | None = None

    @cached_property
    def top(self) -> float:
        """The amount at the upper edge: the limit, where the day comes anywhere near it."""
        most = max([amount for points in (self.used, self.usual) for _, amount in points], default=0.0)
        high = self.forecast.end.high if self.forecast else 0
        if self.limit and self.limit <= FAR * max(most, high):
            return max(most, min(high, self.limit * ABOVE), self.limit, 1)
        return max(most, high, 1)

    @property
    def shows_limit(self) -> bool:
        """Tell whether the limit is low enough to be drawn."""
        return self.limit is not None and self.limit <= self.top

    @property
    def used_path(self) -> str:
        """What was used so far."""
        return self._path(self.used)

    @property
    def area_path(self) -> str:
        """The area under it."""
        if not self.used:
            return ""
        return f"{self.used_path}L{self._x(self.used[-1][0])} {GROUND}L{self._x(self.used[0][0])} {GROUND}z"

    @property
    def usual_path(self) -> str:
        """A usual day."""
        return self._path(self.usual)

    @property
    def usual_name(self) -> str:
        """`usual Thursday`."""
        return f"usual {self.day.start.astimezone(self.zone):%A}"

    @property
    def cone_path(self) -> str:
        """The range that is expected: up along its upper edge and back along the lower one."""
        if self.forecast is None:
            return ""
        points = self.forecast.points
        upper = [(point.at, float(point.high)) for point in points]
        lower = [(point.at, float(point.low)) for point in reversed(points)]
        return f"{self._path([*upper, *lower])}z"

    @property
    def middle_path(self) -> str:
        """What is expected as a rule; where the limit ends first, the way there."""
        if self.ends_at is not None and self.limit and self.used:
            return self._path([self.used[-1], (self.ends_at, self.limit)])
        points = self.forecast.points if self.forecast else ()
        return self._path([(point.at, float(point.middle)) for point in points])

    @property
    def dot(self) -> tuple[str, str] | None:
        """Where it stands now."""
        return (self._x(self.used[-1][0]), self._y(self.used[-1][1])) if self.used else None

    @property
    def ends_x(self) -> str:
        """Where the limit ends, from the left."""
        return self._x(self.ends_at) if self.ends_at else ""

    @property
    def ends_words(self) -> str:
        """When the limit ends: `16:40`."""
        return f"{self.ends_at.astimezone(self.zone):%H:%M}" if self.ends_at else ""

    @property
    def usual_total(self) -> int:
        """What is used on a usual day."""
        return round(self.usual[-1][1]) if self.usual else 0

    @property
    def usual_y(self) -> str:
        """Where the usual day is named: below its end, or above where there is no room."""
        end = float(self._y(self.usual[-1][1])) if self.usual else GROUND
        return f"{end + 14 if end < GROUND - 20 else end - 6:.1f}"

    @property
    def ends_label_x(self) -> str:
        """Where that is said: within the picture."""
        return f"{min(max(float(self.ends_x), LEFT + 16), RIGHT - 16):.1f}"

    @property
    def limit_y(self) -> str:
        """How high the limit is."""
        return self._y(self.limit or 0)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """(place, amount) beside the picture: nothing, half, and the limit or the most."""
        top = self.limit if self.shows_limit and self.limit else self.top
        return [(f"{float(self._y(amount)) + 4:.1f}", compact(int(amount))) for amount in (top, top / 2, 0)]

    @property
    def hours(self) -> list[tuple[str, str]]:
        """(place, clock) below the picture."""
        instants = (self.day.start + HOUR * hour for hour in MARKS)
        return [(self._x(at), f"{at.astimezone(self.zone):%H:%M}") for at in instants]

    @property
    def end_label(self) -> str:
        """The clock at its end."""
        end = f"{self.day.end.astimezone(self.zone):%H:%M}"
        return "24:00" if end == "00:00" else end

    def _path(self, points: Points) -> str:
        pairs = (f"{self._x(at)} {self._y(amount)}" for at, amount in points)
        return f"M{'L'.join(pairs)}" if points else ""

    def _x(self, at: datetime) -> str:
        return f"{LEFT + (RIGHT - LEFT) * ((at - self.day.start) / (self.day.end - self.day.start)):.1f}"

    def _y(self, amount: float) -> str:
        part = min(max(amount / self.top, 0.0), 1.0)
        return f"{GROUND - (GROUND - TOP) * part:.1f}"


def sums(steps: Iterable[Step], day: QuotaDay, until: datetime, since: datetime | None) -> Points:
    """The running sum of a day's steps, from its beginning or since it was watched, until it was told."""
    total, points = 0.0, [(since or day.start, 0.0)]
    for step in steps:
        if step.end <= (since or day.start):
            continue
        if step.start > points[-1][0]:
            points.append((step.start, total))
        total += step.amount
        points.append((min(step.end, max(until, step.start)), total))
    if until > points[-1][0]:
        points.append((until, total))
    return points


def usual_day(history: History | None, day: QuotaDay) -> Points:
    """The sums of a day as they were on the same day of the weeks before, hour by hour; nothing where too few
    of those were seen.
    """
    if history is None:
        return ()
    start, hours = history.place(day.start), (day.end - day.start) / HOUR
    weeks = range(1, int(start // HOURS_OF_WEEK) + 1)
    begins = [start - HOURS_OF_WEEK * week for week in weeks]
    seen = [begin for begin in begins if history.watched(begin, begin + hours) >= LEAST_SEEN * hours]
    if len(seen) < LEAST_DAYS:
        return ()
    edges = [*range(int(hours)), hours]
    return [
        (day.start + HOUR * edge, mean(_by(history, begin, edge, hours) for begin in seen)) for edge in edges
    ]


def _by(history: History, begin: float, edge: float, hours: float) -> float:
    """What a day had used by an hour of it, as if all of it had been seen."""
    return history.used(begin, begin + edge) * hours / history.watched(begin, begin + hours)
