"""Some days against the limits of each day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from usage.bars import Bar, Bars
from usage.claims import Amount
from usage.quota.day import QuotaDay

WIDTH, HEIGHT = 152, 28


@dataclass(frozen=True)
class PastDay:
    """A quota day, what was used on it, and the limit that was valid on it."""

    day: QuotaDay
    used: Amount
    limit: int | None
    is_today: bool = False

    @property
    def bar(self) -> Bar:
        """The day as a bar."""
        return Bar(self.used, self.limit, self.is_today)

    @property
    def is_at_limit(self) -> bool:
        """Tell whether the limit was reached for certain."""
        return self.bar.is_at_limit


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
    def picture(self) -> Bars:
        """The days as bars under the line of their limits."""
        return Bars([day.bar for day in self.days], WIDTH, HEIGHT)
