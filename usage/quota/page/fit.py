"""Whether a plan fits: on how many days a key stood at its limit and since when, and what another plan would
do. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from teams.models import Key
from teams.models.plans import PLAN_LIMITS, Plan
from usage.quota.page.account_day import Moved, Step
from usage.quota.page.strips import PastDay, Strip

# Of fewer days than this nobody would say that a plan is enough.
LEAST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Enough:
    """A plan with a lower limit that no day would have reached: `most` was used on one at the most."""

    plan: str
    most: int


@dataclass(frozen=True, slots=True)
class AtLimit:
    """A day on which a limit was reached; `since` when, None where nobody saw."""

    day: PastDay
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Fit:
    """A plan over some days: those on which its limit was reached, and `median`, since when as a rule.

    `is_current` is the key's own plan, held against the limit that was valid on each day. `most` was used on
    one day at the most. The `seen` days were seen whole; what of others is known may be less than was used.
    """

    plan: str
    is_current: bool
    has_limit: bool
    at_limit: Sequence[AtLimit]
    median: datetime | None
    most: int | None
    seen: int
    days: int
    is_mixed: bool = False

    @property
    def unseen(self) -> int:
        """Of how many days nothing is known, or only a part."""
        return self.days - self.seen


def enough(key: Key, strip: Strip) -> Enough | None:
    """The plan that would do for a key; None where a day would have reached its limit, or was not seen."""
    told = [day for day in strip.days if not day.used.is_unknown]
    if len(told) < LEAST_DAYS or strip.unseen or key.plan == Plan.FREE:
        return None
    most = max(day.used.certain + day.used.more for day in told)
    limit = PLAN_LIMITS[Plan.FREE].tokens_per_day
    return Enough(Plan.FREE.label, most) if limit and most < limit else None


def fits(key: Key, strip: Strip, moved: Moved) -> list[Fit]:
    """The plan of a key over its last days, then the provider's other plans."""
    current = Plan(key.plan)
    found = [_fit(current, strip, moved, lambda day: day.limit, is_current=True)]
    others = (plan for plan in PLAN_LIMITS if plan != current)
    return [
        *found,
        *(
            _fit(plan, strip, moved, _always(PLAN_LIMITS[plan].tokens_per_day), is_current=False)
            for plan in others
        ),
    ]


def _always(limit: int | None) -> Callable[[PastDay], int | None]:
    return lambda _: limit


def _fit(
    plan: Plan, strip: Strip, moved: Moved, limit_of: Callable[[PastDay], int | None], *, is_current: bool
) -> Fit:
    at_limit = list(_at_limit(strip, moved, limit_of))
    told = [day.used.certain for day in strip.days if not day.used.is_unknown]
    seen = sum(day.used.is_known or (day.is_today and not day.used.is_unknown) for day in strip.days)
    has_limit = any(limit_of(day) is not None for day in strip.days)
    label = "Own numbers" if plan == Plan.OWN else plan.label
    most = max(told, default=None)
    limits = {limit_of(day) for day in strip.days}
    return Fit(
        str(label),
        is_current,
        has_limit,
        at_limit,
        _median(at_limit, strip),
        most,
        seen,
        len(strip.days),
        is_mixed=len(limits) > 1,
    )


def _at_limit(strip: Strip, moved: Moved, limit_of: Callable[[PastDay], int | None]) -> Iterator[AtLimit]:
    for day in strip.days:
        limit = limit_of(day)
        if limit is not None and not day.used.is_unknown and day.used.certain >= limit:
            yield AtLimit(day, reached(moved.within(day.day), limit))


def reached(steps: Iterable[Step], limit: int) -> datetime | None:
    """When the sum of some steps reaches a limit, on a straight line within each; None where it does not."""
    total = 0
    for step in steps:
        if total < limit <= total + step.amount:
            return step.start + (step.end - step.start) * ((limit - total) / step.amount)
        total += step.amount
    return None


def _median(at_limit: Sequence[AtLimit], strip: Strip) -> datetime | None:
    """The time of today at which the limit was reached as a rule: of an even number the earlier."""
    times = [each.since - each.day.day.start for each in at_limit if each.since]
    if not times:
        return None
    seconds = median_low(int(time.total_seconds()) for time in times)
    return strip.days[-1].day.start + timedelta(seconds=seconds)
