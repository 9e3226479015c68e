"""What raxdash itself spent beside what the provider counts: of so many tokens so many are ours, by whom."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from teams.models import Team, User
from usage.ledger import TOKENS
from usage.models import LocalUsage, Meter

GONE, NOBODY = "a former member", "nobody that raxdash knows"
SOURCES = {
    LocalUsage.Source.PLAYGROUND: "this playground",
    LocalUsage.Source.SUITE: "suites",
    LocalUsage.Source.JUDGE: "judges of suites",
    LocalUsage.Source.API: "the API of raxdash",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one member spent; nobody is named where a line does not say who it was. `address` asks about that
    alone.
    """

    member_id: int | None
    name: str
    amount: int
    address: str = ""


@dataclass(slots=True)
class Spent:
    """What raxdash spent with one account, or in all: by member and source, how much of it is estimated, and
    how much came after the provider's last answer.
    """

    members: Counter[int | None] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    estimated: int = 0
    unpolled: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.members.total()

    def add(self, row: Mapping[str, Any], metric: str) -> None:
        """Take one row of sums."""
        amount = int(row[metric])
        self.members[row["member_id"]] += amount
        self.sources[row["source"]] += amount
        self.estimated += int(row[f"estimated_{metric}"])
        self.unpolled += int(row[f"unpolled_{metric}"])


@dataclass(frozen=True, slots=True)
class OwnSpend:
    """What raxdash spent over some time, in all of what providers count (`counted`), by the meter that counts
    it, and with keys of which no provider tells (`untold`).
    """

    metric: str
    counted: Spent
    by_meter: Mapping[int, Spent]
    untold: Spent
    names: Mapping[int, str]

    def shares(self, spent: Spent) -> list[Share]:
        """Who spent it, the largest first."""
        found = [Share(member, self.name_of(member), amount) for member, amount in spent.members.items()]
        return sorted(found, key=lambda share: (-share.amount, share.name, share.member_id or 0))

    def of(self, meter_id: int) -> Spent:
        """What was spent with one account."""
        return self.by_meter.get(meter_id) or Spent()

    def name_of(self, member: int | None) -> str:
        """What somebody is called now."""
        return NOBODY if member is None else self.names.get(member, GONE)

    @property
    def where(self) -> str:
        """`this playground`, or `raxdash` where it came from several of its parts."""
        sources = {source for source, amount in self.counted.sources.items() if amount}
        named = [words for source, words in SOURCES.items() if source in sources]
        return named[0] if len(named) == 1 else "raxdash"


def own_spend(team: Team, start: datetime, end: datetime, metric: str, lines: Q) -> OwnSpend:
    """What raxdash spent in [start, end) in the lines that a condition lets through. Two queries."""
    root = Coalesce("key__meter__merged_into", "key__meter")
    until = Coalesce("key__meter__merged_into__watched_until", "key__meter__watched_until")
    mine = LocalUsage.objects.filter(lines, team=team).between(start, end).with_tokens()
    guessed, unpolled = Q(is_reported=False), Q(at__gt=F("until"))
    told = ~Q(until=None) & ~(unpolled & Q(key__meter__status=Meter.Status.NO_USAGE))
    is_told = Case(When(told, then=True), default=False, output_field=BooleanField())
    rows = (
        mine.order_by()
        .annotate(root=root, until=until)
        .annotate(is_told=is_told)
        .values("root", "is_told", "member_id", "source")
        .annotate(
            tokens_sum=Sum("tokens"),
            requests=Count("pk"),
            estimated_tokens=Sum("tokens", filter=guessed, default=0),
            # That there was a request is no estimate.
            estimated_requests=Value(0),
            unpolled_tokens=Sum("tokens", filter=unpolled, default=0),
            unpolled_requests=Count("pk", filter=unpolled),
        )
    )
    counted, untold, by_meter = Spent(), Spent(), defaultdict[int, Spent](Spent)
    for row in rows:
        amounts = {**row, TOKENS: row["tokens_sum"]}
        for spent in (counted, by_meter[row["root"]]) if row["is_told"] else (untold,):
            spent.add(amounts, metric)
    people = [member for member in {*counted.members, *untold.members} if member is not None]
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=people).only("name", "email")}
    return OwnSpend(metric, counted, dict(by_meter), untold, names)
