"""What each key's own billing period cost, by what its provider told of the whole of it.

No day is looked at. Where a price changed within a period, it cost at least so much.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from common.database.together import Reading, ask
from usage.claims import Amount, at_least, known
from usage.ledger import UNATTRIBUTED
from usage.ledger.words import moment
from usage.prices.coins import below, coins, finest
from usage.prices.pricing import NOTHING, Rate, rounded
from usage.prices.tariffs import Tariff

# (start, end) in microseconds, as it was told.
type Bounds = tuple[int, int | None]
# (account, model)
type Line = tuple[int, str]


class Counted(NamedTuple):
    """What was told of a period, or of a part of it, of one account: {metric: {model: amount}}; `opening` is
    what had been told of it already when it began to be counted.
    """

    began: int
    ended: int | None
    meter_id: int
    counters: Mapping[str, Mapping[str, int]]
    opening: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class OwnCost:
    """What some keys' period cost; of the `unpriced` models nothing, or not all, is in it."""

    amount: Amount
    unpriced: frozenset[str] = frozenset()


def reading_counted(periods: Any) -> Reading[list[Counted]]:
    """What was told of some periods, a queryset that says when they began and ended. One step."""
    texts = (Cast(name, TextField()) for name in ("counters", "opening"))
    rows = yield from ask(periods.order_by().values_list("began", "ended", "meter_id", *texts))
    return [Counted(*row[:3], *map(orjson.loads, row[3:])) for row in rows]


@dataclass(frozen=True, slots=True)
class OwnPricing:
    """How periods are priced: by a tariff, of which models, by local days up to `now`."""

    tariff: Tariff
    models: Mapping[str, Sequence[str]]
    zone: ZoneInfo
    now: datetime

    def costs(self, counted: Iterable[Counted]) -> dict[Bounds, OwnCost]:
        """What the periods of each begin and end cost: each account and model is rounded once."""
        used: dict[Bounds, Counter[Line]] = defaultdict(Counter)
        late: set[Bounds] = set()
        for each in counted:
            bounds = each.began, each.ended
            lines = used[bounds]
            for model, amount in each.counters.get(self.tariff.metric, {}).items():
                if self._is_shown(model):
                    lines[each.meter_id, model] += amount
            # A cost that is told for the first time within a period is counted from there on.
            if not self.tariff.is_estimate and (before := self._told_late(each)):
                lines[each.meter_id, UNATTRIBUTED] += before
                late.add(bounds)
        return {bounds: self._cost(bounds, lines, is_late=bounds in late) for bounds, lines in used.items()}

    def _told_late(self, each: Counted) -> int:
        return min(each.opening.get(self.tariff.metric, {}).get(UNATTRIBUTED, 0), 0)

    def _is_shown(self, model: str) -> bool:
        if "only" in self.models:
            return model in self.models["only"]
        return model not in self.models.get("without", ())

    def _cost(self, bounds: Bounds, lines: Mapping[Line, int], *, is_late: bool) -> OwnCost:
        certain = more = exact = 0
        unpriced = set()
        for (_, model), amount in lines.items():
            rates = list(self._rates(model, bounds))
            if amount and None in rates:
                unpriced.add(model)
            costs = [rate.cost(amount) if rate else NOTHING for rate in rates]
            found = sorted(map(self._coins, costs))
            certain, more, exact = certain + found[0], more + found[-1] - found[0], exact + finest(costs[0])
        unit = self.tariff.unit
        is_least = is_late or more or self.tariff.is_part
        cost = at_least(certain, more, unit) if is_least else known(certain, unit, below(exact, unit.places))
        return OwnCost(cost, frozenset(unpriced))

    def _coins(self, amount: Decimal) -> int:
        places = self.tariff.unit.places
        return coins(rounded(amount, places), places)

    def _rates(self, model: str, bounds: Bounds) -> Iterator[Rate | None]:
        """The prices that held within a period: as a rule one."""
        last = self.now if bounds[1] is None else min(moment(bounds[1] - 1), self.now)
        days = [at.astimezone(self.zone).date() for at in (moment(bounds[0]), last)]
        yield self.tariff.table.on(model, days[0])
        for day in self.tariff.table.changes([model]):
            if days[0] < day <= days[1]:
                yield self.tariff.table.on(model, day)
