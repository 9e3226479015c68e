"""What a sum that grows is held against: where it starts again, its limit, and what is expected of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Q, QuerySet

from common.database.together import Reading, ask, nothing, side_by_side
from teams.models import Key, Team
from usage.explore.figure.burn import Burn, burn_up
from usage.explore.figure.cumulative import Limit
from usage.explore.query.dimensions import Dimension
from usage.explore.query.placed import Placed
from usage.explore.query.query import View
from usage.explore.query.team_time import BillingPeriod, quarter_before
from usage.explore.reading.asked import Asked, look_up
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.periods.begins import periods_within
from usage.explore.sheet.tables import Sheet
from usage.ledger import METRICS, TOKENS
from usage.models import Facts
from usage.prices.tariffs import Tariff
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import NoForecast
from usage.quota.forecast.reading import GoingOn, reading_forecast

# Keys that are looked at for a limit that all of them have in common.
MOST_KEYS = 20


@dataclass(frozen=True, slots=True)
class Bound:
    """The one limit of what is shown, and the key that has it."""

    name: str
    amount: int

    @property
    def limit(self) -> Limit:
        """The limit as a line."""
        return Limit(f"limit {self.amount:,}", self.amount)


@dataclass(frozen=True, slots=True)
class Burning:
    """A sum that grows. `bound` is its limit, `forecast` what is expected at `end`; None where there is
    nothing to expect.
    """

    burn: Burn
    bound: Bound | None = None
    forecast: Forecast | NoForecast | None = None
    end: datetime | None = None

    @classmethod
    def read(
        cls,
        placed: Placed,
        asked: Asked,
        found: Numbers,
        sheet: Sheet,
        facts: Facts,
        tariff: Tariff | None = None,
    ) -> Reading[Self]:
        """What the sum of a sheet is held against; `found` are its numbers, priced by a `tariff` where it is
        a cost, `facts` those of all meters. One step.
        """
        span, now = placed.span, asked.now
        edges = span.edges()
        burn = burn_up(sheet, [edges.index(cut) for cut in placed.cuts if cut in edges[1:-1]])
        period, is_billing = _going_on(placed, now)
        if period is None or not burn.totals or placed.query.hidden:
            return cls(burn)
        facts = asked.facts(facts)
        bound, expected = yield from side_by_side(
            _bound(asked, found) if is_billing and facts.count == 1 else nothing(None),
            _forecast(asked, found, period, burn.totals[-1].certain, facts, tariff),
        )
        return cls(burn, bound, expected, period.end)

    @property
    def expected(self) -> Forecast | None:
        """The forecast where there is one."""
        return self.forecast if isinstance(self.forecast, Forecast) else None

    @property
    def reason(self) -> str:
        """Why there is none; empty where there is one, or nothing to expect."""
        return self.forecast.reason if isinstance(self.forecast, NoForecast) else ""


def begins_of(placed: Placed, asked: Asked, facts: Facts) -> Reading[Sequence[BillingPeriod]]:
    """The billing periods of what is shown, oldest first, where a sum of it grows; `facts` are those of all
    meters. Two steps at most, none where one of them was asked for.
    """
    if placed.query.view != View.CUMULATIVE or placed.is_own:
        return ()
    if placed.bounds.period.is_billing:
        return [period for period in reversed(placed.time.billing) if _lies_in(period, placed)]
    yield from look_up([asked])
    meters = asked.scope.meter_ids if asked.scope.is_filtered else None
    span, anchor = placed.span, placed.query.anchor
    has_parts = facts.parted > 0
    return (yield from periods_within(asked.team, span.start, span.end, meters, anchor, has_parts=has_parts))


def _lies_in(period: BillingPeriod, placed: Placed) -> bool:
    begin = quarter_before(period.start)
    return placed.bounds.start <= begin < placed.bounds.end and not period.is_own


def _going_on(placed: Placed, now: datetime) -> tuple[BillingPeriod | None, bool]:
    """The time that goes on of which all is summed: the billing period, or else what is shown; and whether it
    is a billing period.
    """
    span = placed.span
    if not span.start <= now < span.end:
        return None, False
    newest = next((period for period in reversed(placed.billing) if period.start <= now), None)
    if newest and quarter_before(newest.start) >= span.start:
        return newest, True
    return BillingPeriod(span.start, placed.bounds.whole_end or span.end), False


def _forecast(
    asked: Asked, found: Numbers, period: BillingPeriod, used: int, facts: Facts, tariff: Tariff | None
) -> Reading[Forecast | NoForecast | None]:
    if asked.is_own or found.is_own or (tariff is None and found.metric not in METRICS):
        return None
    if found.metric in found.untold:
        return NoForecast("No forecast is made where a key does not tell all of its usage.")
    if any(one.dimension == Dimension.MODEL for one in asked.filters):
        return NoForecast("A forecast is made of all models together.")
    if not found.is_whole:
        return NoForecast("A forecast is made of whole keys, not of some of their days.")
    meters = None if found.meters is None else sorted(found.meters)
    going_on = GoingOn(period.start, period.end, used)
    if tariff is None:
        return (yield from reading_forecast(asked.team, found.metric, going_on, asked.now, facts, meters))
    # What goes on is priced as it is today; so are the hours behind it, for a new price is no burst.
    worths = tariff.worths(asked.now.astimezone(asked.team.zone).date())
    return (
        yield from reading_forecast(asked.team, tariff.metric, going_on, asked.now, facts, meters, worths)
    )


def _bound(asked: Asked, found: Numbers) -> Reading[Bound | None]:
    """The limit of a billing period, where one limit holds for all that is shown. One step."""
    is_part = any(one.dimension == Dimension.MODEL for one in asked.filters)
    if found.metric != TOKENS or found.is_own or is_part or not found.is_whole:
        return None
    keys = yield from ask(_keys_of(asked.team, found.meters))
    accounts = {key.meter.merged_into_id or key.meter.pk for key in keys}
    limits = {key.limits().tokens_per_period for key in keys}
    limit = limits.pop() if len(accounts) == len(limits) == 1 else None
    return Bound(keys[0].name, limit) if limit else None


def _keys_of(team: Team, meters: Collection[int] | None) -> QuerySet[Key]:
    keys = Key.objects.filter(team=team, meter__isnull=False).select_related("meter")
    if meters is not None:
        keys = keys.filter(Q(meter__in=meters) | Q(meter__merged_into__in=meters))
    return keys.defer("ciphertext", "meter__state").order_by("pk")[:MOST_KEYS]
