"""What one member spent through raxdash, by model, key and day: from our own ledger's lines, to the token."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from teams.models import Team
from usage.explore.reading.local import QuarterOf, runs_of
from usage.ledger.grid import QUARTER
from usage.ledger.words import moment

GONE = "a key that is gone"


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
    """What was spent on one model, key or day; how large a part that is, 0 to 1."""

    name: str
    spend: Spend
    share: float
    day: date | None = None


@dataclass(slots=True)
class Mine:
    """All that somebody spent over some time, by model, by key and by local day."""

    total: Spend = field(default_factory=Spend)
    models: dict[str, Spend] = field(default_factory=lambda: defaultdict(Spend))
    keys: dict[tuple[UUID | None, str], Spend] = field(default_factory=lambda: defaultdict(Spend))
    days: dict[date, Spend] = field(default_factory=lambda: defaultdict(Spend))

    @property
    def by_model(self) -> list[Row]:
        """The models, those with the most tokens first."""
        return self._rows(self.models)

    @property
    def by_key(self) -> list[Row]:
        """The keys, those with the most tokens first."""
        return [
            Row(name, spend, self._share(spend))
            for (_, name), spend in sorted(self.keys.items(), key=lambda item: (*item[1].order, item[0][1]))
        ]

    @property
    def by_day(self) -> list[Row]:
        """The days on which something was spent, the newest first; bars are beside the busiest day."""
        most = max((spend.tokens for spend in self.days.values()), default=0)
        return [
            Row(f"{day:%a %-d %b %Y}", spend, spend.tokens / most if most else 0.0, day)
            for day, spend in sorted(self.days.items(), reverse=True)
        ]

    @property
    def key_ids(self) -> list[UUID]:
        """The keys that are there still, those with the most tokens first."""
        ordered = sorted(self.keys.items(), key=lambda item: item[1].order)
        return [key_id for (key_id, _), _ in ordered if key_id]

    def _rows(self, spends: Mapping[str, Spend]) -> list[Row]:
        ordered = sorted(spends.items(), key=lambda item: (*item[1].order, item[0]))
        return [Row(name, spend, self._share(spend)) for name, spend in ordered]

    def _share(self, spend: Spend) -> float:
        return spend.tokens / self.total.tokens if self.total.tokens else 0.0


def my_spend(team: Team, member_id: int, start: datetime, end: datetime, lines: Q | None = None) -> Mine:
    """What a member spent in [start, end), in the lines that a condition lets through. One query."""
    runs = runs_of(team).filter(lines or Q(), member_id=member_id).between(start, end).with_tokens()
    rows = runs.order_by().values_list(QuarterOf("at"), "key_id", "key__name", "model")
    found = Mine()
    for number, key_id, key, model, *amounts in rows.annotate(
        sum=Sum("tokens"), count=Count("pk"), guessed=Sum("tokens", filter=Q(is_reported=False), default=0)
    ):
        tokens, requests, estimated = map(int, amounts)
        day = moment(number * QUARTER).astimezone(team.zone).date()
        for spend in (found.total, found.models[model], found.keys[key_id, key or GONE], found.days[day]):
            spend.add(tokens, requests, estimated)
    return found
