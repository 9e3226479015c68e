"""What one member spent through raxdash, by model, key and day: from our own ledger's lines, to the token."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, F, IntegerField, Q, QuerySet, Sum, UUIDField, Value
from django.db.models.expressions import Combinable

from teams.models import Team
from usage.explore.proof.my_cost import MyCost, my_cost
from usage.explore.reading.local import QuarterOf, runs_of
from usage.ledger.grid import QUARTER
from usage.ledger.words import moment
from usage.models import Price
from usage.models.local import LocalUsageQuerySet
from usage.prices.pricing import Ran
from usage.prices.tables import as_text, prices_of_texts

GONE = "a key that is gone"
# No quarter: such a row is a price.
PRICE = -1


@dataclass(slots=True)
class Spend:
    """Tokens and requests; of so many tokens the answers told nothing: they are `estimated`."""

    tokens: int = 0
    requests: int = 0
    estimated: int = 0

    def add(self, tokens: int, requests: int, estimated: int) -> None:
        """Count more."""
        self.tokens += tokens
        self.requests += requests
        self.estimated += estimated

    @property
    def order(self) -> tuple[int, int]:
        """What spends more comes first."""
        return -self.tokens, -self.requests


@dataclass(frozen=True, slots=True)
class Row:
    """What was spent on one model, key or day; how large a part that is, 0 to 1, and its cost, where there
    is any.
    """

    name: str
    spend: Spend
    share: float
    day: date | None = None
    cost: str = ""


@dataclass(slots=True)
class Mine:
    """All that somebody spent over some time, by model, by key and by local day, and in `lines`; its `cost`
    by the team's prices, None where there are none.
    """

    total: Spend = field(default_factory=Spend)
    models: dict[str, Spend] = field(default_factory=lambda: defaultdict(Spend))
    keys: dict[tuple[UUID | None, str], Spend] = field(default_factory=lambda: defaultdict(Spend))
    days: dict[date, Spend] = field(default_factory=lambda: defaultdict(Spend))
    lines: list[Ran] = field(default_factory=list)
    cost: MyCost | None = None

    @property
    def by_model(self) -> list[Row]:
        """The models, those with the most tokens first."""
        ordered = sorted(self.models.items(), key=lambda item: (*item[1].order, item[0]))
        costs = self.cost.models if self.cost else None
        return [Row(name, spend, self._share(spend), cost=self._cost(costs, name)) for name, spend in ordered]

    @property
    def by_key(self) -> list[Row]:
        """The keys, those with the most tokens first."""
        ordered = sorted(self.keys.items(), key=lambda item: (*item[1].order, item[0][1]))
        costs = self.cost.keys if self.cost else None
        return [Row(key[1], spend, self._share(spend), cost=self._cost(costs, key)) for key, spend in ordered]

    @property
    def by_day(self) -> list[Row]:
        """The days on which something was spent, the newest first; bars are beside the busiest day."""
        most = max((spend.tokens for spend in self.days.values()), default=0)
        costs = self.cost.days if self.cost else None
        return [
            Row(
                f"{day:%a %-d %b %Y}",
                spend,
                spend.tokens / most if most else 0.0,
                day,
                self._cost(costs, day),
            )
            for day, spend in sorted(self.days.items(), reverse=True)
        ]

    @property
    def key_ids(self) -> list[UUID]:
        """The keys that are there still, those with the most tokens first."""
        ordered = sorted(self.keys.items(), key=lambda item: item[1].order)
        return [key_id for (key_id, _), _ in ordered if key_id]

    def _cost(self, costs: Mapping[Hashable, int] | None, value: Hashable) -> str:
        """What one cost, where costs are known."""
        return "" if costs is None or self.cost is None else self.cost.number(costs, value)

    def _share(self, spend: Spend) -> float:
        return spend.tokens / self.total.tokens if self.total.tokens else 0.0


def my_spend(team: Team, member_id: int, start: datetime, end: datetime, lines: Q | None = None) -> Mine:
    """What a member spent in [start, end), in the lines that a condition lets through, and its cost by the
    team's prices. One query.
    """
    runs = runs_of(team).filter(lines or Q(), member_id=member_id).between(start, end)
    found, prices = Mine(), []
    for number, key_id, key, model, *amounts in _sums(runs).union(_prices(team), all=True):
        if number == PRICE:
            prices.append((model, key))
            continue
        read, tokens, requests, estimated = map(int, amounts)
        day = moment(number * QUARTER).astimezone(team.zone).date()
        for spend in (found.total, found.models[model], found.keys[key_id, key or GONE], found.days[day]):
            spend.add(tokens, requests, estimated)
        found.lines.append(Ran((key_id, key or GONE), model, day, read, tokens - read))
    found.cost = my_cost(found.lines, prices_of_texts(prices))
    return found


def _sums(runs: LocalUsageQuerySet) -> QuerySet[Any, Any]:
    """Rows of (quarter, key, its name, model, tokens that were read, tokens, requests, tokens estimated)."""
    rows = runs.with_tokens().order_by().values_list(QuarterOf("at"), "key_id", "key__name", "model")
    return rows.annotate(
        read=Sum("input_tokens"),
        sum=Sum("tokens"),
        count=Count("pk"),
        guessed=Sum("tokens", filter=Q(is_reported=False), default=0),
    )


def _prices(team: Team) -> QuerySet[Any, Any]:
    """The team's prices as such rows, so that they take no query of their own."""
    nothing = [Value(0, BigIntegerField())] * 4
    row: tuple[Combinable, ...] = (
        Value(PRICE, IntegerField()),
        Value(None, UUIDField()),
        as_text(),
        F("model"),
        *nothing,
    )
    return Price.objects.filter(team=team).order_by().values_list(*row)
