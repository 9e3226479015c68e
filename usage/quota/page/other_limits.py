"""What is held against the limits of a plan beside tokens a day: requests a minute, tokens of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Count, F, Q, Sum

from common.database.together import Reading, ask, side_by_side
from teams.models import Key
from teams.models.plans import PLAN_LIMITS, Plan
from usage.ledger import REQUESTS, TOKENS
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds, moment
from usage.models import Meter, Period, Quarter
from usage.models.ledger.json_sums import SumOfModels
from usage.models.ledger.periods import boundary_moved

MOST_PERIODS = 3
MINUTES_OF_QUARTER = 15


@dataclass(frozen=True, slots=True)
class Busiest:
    """The quarter of an hour in which most requests were told; `a_minute` is its average, rounded up."""

    at: datetime
    a_minute: int


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """A billing period that is over, [start, end), and what the provider said of it; `is_least` says that a
    part of it was not seen.
    """

    start: datetime
    end: datetime
    tokens: int
    is_least: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What is read of an account for it: its busiest quarter, and its last periods, the newest first."""

    busiest: Busiest | None = None
    periods: Sequence[PastPeriod] = ()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a plan allows of requests a minute, and whether that would have been too few."""

    plan: str
    limit: int | None
    is_too_few: bool


@dataclass(frozen=True, slots=True)
class OtherFits:
    """How a key stood to the other limits of its plan; `limit` is that of its billing period."""

    busiest: Busiest | None
    allowances: Sequence[Allowance]
    limit: int | None
    periods: Sequence[PastPeriod]

    @classmethod
    def of(cls, key: Key, beside: Beside) -> Self:
        """Hold what was read against the limits of a key, and of the provider's other plans."""
        own, limits = Plan(key.plan), key.limits()
        rates = {own: limits.requests_per_minute}
        rates |= {plan: each.requests_per_minute for plan, each in PLAN_LIMITS.items() if plan != own}
        most = beside.busiest.a_minute if beside.busiest else 0
        allowances = [
            Allowance(str(plan.label), limit, limit is not None and most > limit)
            for plan, limit in rates.items()
        ]
        return cls(beside.busiest, allowances, limits.tokens_per_period, beside.periods)

    @property
    def at_limit(self) -> list[PastPeriod]:
        """The periods in which the limit was reached."""
        return [period for period in self.periods if self.limit and period.tokens >= self.limit]

    @property
    def is_least(self) -> bool:
        """Tell whether more may have been used in one of the periods."""
        return any(period.is_least for period in self.periods)

    @property
    def most(self) -> int:
        """What was used in one of the periods at the most."""
        return max((period.tokens for period in self.periods), default=0)


def reading_beside(meter: Meter | None, since: datetime, now: datetime) -> Reading[Beside]:
    """What is read of an account since some day; one step, none where there is no account."""
    if meter is None:
        return Beside()
    first, last, at = microseconds(since) // QUARTER, microseconds(now) // QUARTER, microseconds(now)
    rows = Quarter.objects.filter(series__meter=meter, series__metric=REQUESTS)
    sums = rows.filter(number__gt=first, number__lte=last).values_list("number")
    told = Period.objects.filter(meter=meter, superseded=False).as_told().filter(ended__lte=at)
    totals = told.values_list("began", "ended").annotate(tokens=Sum(SumOfModels("counters", TOKENS)))
    doubted = totals.annotate(doubts=Count("pk", filter=boundary_moved() | Q(tail__gt=0)))
    quarters, periods = yield from side_by_side(
        ask(sums.annotate(requests=Sum(F("value") - F("opening"))).order_by("-requests", "number")[:1]),
        ask(doubted.order_by("-began")[:MOST_PERIODS]),
    )
    found = [PastPeriod(moment(row[0]), moment(row[1]), int(row[2]), bool(row[3])) for row in periods]
    return Beside(_busiest(quarters), found)


def _busiest(rows: Sequence[tuple[int, int]]) -> Busiest | None:
    """The quarter of a row (number, requests), where any were told in it."""
    for number, requests in rows:
        if requests > 0:
            return Busiest(moment((number - 1) * QUARTER), -(-int(requests) // MINUTES_OF_QUARTER))
    return None
