"""Keys whose server tells no usage: shown is what raxdash itself ran with them, and said to be so.

Such a key may be used by others too, of which nobody knows. So its series stand apart from those of
providers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, F, Func, IntegerField, Q, Sum
from django.db.models.sql.compiler import SQLCompiler

from teams.models import Team
from usage.books.breakdown import BY_RAXDASH
from usage.ledger import REQUESTS, TOKENS
from usage.ledger.grid import QUARTER, QUARTER_SECONDS
from usage.models import LocalUsage, Meter
from usage.models.local import LocalUsageQuerySet


@dataclass(frozen=True, slots=True)
class LocalRow:
    """What raxdash ran in a quarter of an hour that begins at `start`, microseconds, as one series. The
    tokens of `estimated` requests were not reported.
    """

    start: int
    series: str
    amounts: dict[str, int]
    estimated: int


class QuarterOf(Func):
    """The number of the quarter of an hour that an instant falls in, in quarters since 1970."""

    output_field = IntegerField()
    template = f"(CAST(strftime('%%%%s', %(expressions)s) AS integer) / {QUARTER_SECONDS})"
    template_of_postgresql = f"(floor(extract(epoch from %(expressions)s) / {QUARTER_SECONDS})::integer)"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, list[Any] | tuple[Any, ...]]:
        """The same in PostgreSQL's words."""
        return self.as_sql(compiler, connection, template=self.template_of_postgresql, **context)


def local_rows(team: Team, start: datetime, end: datetime, by_key: bool = False) -> Iterator[LocalRow]:
    """What raxdash ran in [start, end) with the team's keys whose server tells no usage. One query."""
    runs = _runs(team).between(start, end)
    name = "key__name" if by_key else "model"
    rows = runs.with_tokens().order_by().values_list(QuarterOf("at"), name)
    sums = rows.annotate(
        tokens_sum=Sum("tokens"), requests=Count("pk"), estimated=Count("pk", filter=Q(is_reported=False))
    )
    for number, named, tokens, requests, estimated in sums:
        amounts = {TOKENS: int(tokens), REQUESTS: requests}
        yield LocalRow(number * QUARTER, BY_RAXDASH + named, amounts, estimated)


def has_local_usage(team: Team) -> bool:
    """Tell whether raxdash ran anything with keys whose server tells no usage."""
    return _runs(team).exists()


def _runs(team: Team) -> LocalUsageQuerySet:
    """The runs that no provider tells of: where one did once, those since then."""
    untold = Q(key__meter__watched_until=None) | Q(at__gt=F("key__meter__watched_until"))
    return LocalUsage.objects.filter(untold, team=team, key__meter__status=Meter.Status.NO_USAGE)


def label(series: str) -> str:
    """The name that people read of a series of this kind."""
    return f"{series.removeprefix(BY_RAXDASH)} (run by raxdash)"
