"""Whether a plan fits: on how many days a key stood at its limit, and what another plan would do. Pure."""

from dataclasses import dataclass

from teams.models import Key
from teams.models.plans import PLAN_LIMITS, Plan
from usage.quota.page.strips import Strip

# Of fewer days than this nobody would say that a plan is enough.
LEAST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Enough:
    """A plan with a lower limit that no day would have reached: `most` was used on one at the most."""

    plan: str
    most: int


def enough(key: Key, strip: Strip) -> Enough | None:
    """The plan that would do for a key; None where a day would have reached its limit, or was not seen."""
    told = [day for day in strip.days if not day.used.is_unknown]
    if len(told) < LEAST_DAYS or strip.unseen or key.plan == Plan.FREE:
        return None
    most = max(day.used.certain + day.used.more for day in told)
    limit = PLAN_LIMITS[Plan.FREE].tokens_per_day
    return Enough(Plan.FREE.label, most) if limit and most < limit else None
