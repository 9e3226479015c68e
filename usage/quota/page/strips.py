"""Some days as a strip of bars against the limits of each day, as paths of an SVG. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from usage.claims import Amount
from usage.quota.day import QuotaDay

WIDTH, HEIGHT = 152, 28
BAR = 0.76
# Room for the line of a limit at the top.
TOP = 1.5
# A limit so many times as high as any day is not drawn: nothing would be seen of the days.
FAR = 5


@dataclass(frozen=True)
class PastDay:
    """A quota day, what was used on it, and the limit that was valid on it."""

    day: QuotaDay
    used: Amount
    limit: int | None
    is_today: bool = False

    @property
    def is_at_limit(self) -> bool:
        """Tell whether the limit was reached for certain."""
        return self.limit is not None and not self.used.is_unknown and self.used.certain >= self.limit


@dataclass(frozen=True)
class Strip:
    """Days that follow each other, the oldest first."""

    days: Sequence[PastDay]

    @cached_property
    def at_limit(self) -> int:
        """On how many days the limit was reached."""
        return sum(day.is_at_limit for day in self.days)

    @cached_property
    def unseen(self) -> int:
        """Of how many days before today nothing is known, or only a part."""
        return sum(not day.used.is_known for day in self.days if not day.is_today)

    @cached_property
    def most(self) -> PastDay | None:
        """The day on which most was used; None where none is known."""
        told = [day for day in self.days if not day.used.is_unknown]
        return max(told, key=lambda day: day.used.certain, default=None)

    @cached_property
    def _top(self) -> int:
        most = max((day.used.certain for day in self.days if not day.used.is_unknown), default=0)
        limits = [day.limit for day in self.days if day.limit]
        near = [limit for limit in limits if limit <= FAR * most or not most]
        return max([most, *near, 1])

    @property
    def bars(self) -> list[tuple[str, str]]:
        """(class, path) of the bars: those at their limit, of today, known in part, and all others."""
        drawn: dict[str, list[str]] = {}
        for place, day in enumerate(self.days):
            if day.used.is_unknown:
                drawn.setdefault("bar-none", []).append(self._bar(place, 0))
            elif day.used.certain > 0:
                drawn.setdefault(_class_of(day), []).append(self._bar(place, day.used.certain))
        return [(name, "".join(paths)) for name, paths in drawn.items()]

    @property
    def limit_line(self) -> str:
        """The limits of the days as one path, broken where there was none."""
        path, before = [], None
        for place, day in enumerate(self.days):
            limit = day.limit if day.limit is not None and day.limit <= self._top else None
            if limit is not None:
                start = (
                    ""
                    if before == limit
                    else f"{'M' if before is None else 'L'}{self._x(place)} {self._y(limit)}"
                )
                path.append(f"{start}H{self._x(place + 1)}")
            before = limit
        return "".join(path)

    def _x(self, place: int) -> str:
        return f"{place * WIDTH / len(self.days):.1f}"

    def _y(self, amount: int) -> str:
        return f"{HEIGHT - (HEIGHT - TOP) * amount / self._top:.1f}"

    def _bar(self, place: int, amount: int) -> str:
        """A bar of an amount; where nothing is known a stroke on the ground."""
        width = f"{WIDTH / len(self.days) * BAR:.1f}"
        top = self._y(amount) if amount else f"{HEIGHT - 1}"
        return f"M{self._x(place)} {top}h{width}V{HEIGHT}h-{width}z"


def _class_of(day: PastDay) -> str:
    if day.is_at_limit:
        return "bar-over"
    if day.is_today:
        return "bar-today"
    return "bar-ok" if day.used.is_known else "bar-least"


def strip_of(days: Iterable[PastDay]) -> Strip:
    """A strip of some days."""
    return Strip(list(days))
