"""What raxdash itself ran: its own ledger, by member, source, key and model.

Where a key's server tells no usage, what raxdash ran with it stands in for it, and is said to be so: such a
key may be used by others too, of which nobody knows. So these series stand apart from those of providers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, F, Func, IntegerField, Q, Sum
from django.db.models.sql.compiler import SQLCompiler

from common.database.together import Reading, ask
from teams.models import Team
from usage.explore.query.dimensions import Dimension
from usage.explore.reading.scope.series import NONE, OF_KEYS
from usage.ledger import REQUESTS, TOKENS
from usage.ledger.grid import QUARTER, QUARTER_SECONDS
from usage.models import LocalUsage, Meter
from usage.models.local import LocalUsageQuerySet

# Of tokens those that were read, which have a price of their own.
INPUT = "input"
COLUMNS = {Dimension.MODEL: "model", Dimension.MEMBER: "member_id", Dimension.SOURCE: "source"}


@dataclass(frozen=True, slots=True)
class LocalRow:
    """What raxdash ran in a quarter of an hour that begins at `start`, microseconds: with which key and
    model, for which member and source, as far as these were asked for. The tokens of `estimated` requests
    were not reported.
    """

    start: int
    amounts: dict[str, int]
    estimated: int
    key_id: UUID | None = None
    model: str = ""
    member: str = ""
    source: str = ""


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


def local_rows(runs: LocalUsageQuerySet, dimensions: Collection[Dimension]) -> Reading[list[LocalRow]]:
    """Some of what raxdash ran, told apart by some dimensions. One step."""
    names = [COLUMNS[one] for one in COLUMNS if one in dimensions]
    names += ["key_id"] if OF_KEYS.intersection(dimensions) else []
    rows = runs.with_tokens().order_by().values_list(QuarterOf("at"), *names)
    sums = rows.annotate(
        tokens_sum=Sum("tokens"),
        input_sum=Sum("input_tokens"),
        requests=Count("pk"),
        estimated=Count("pk", filter=Q(is_reported=False)),
    )
    return [_row(names, *row) for row in (yield from ask(sums))]


def _row(names: Sequence[str], number: int, *row: Any) -> LocalRow:
    *values, tokens, read_in, requests, estimated = row
    told = dict(zip(names, values, strict=True))
    if "member_id" in told:
        member = told.pop("member_id")
        told["member"] = NONE if member is None else str(member)
    amounts = {TOKENS: int(tokens), REQUESTS: requests, INPUT: int(read_in)}
    return LocalRow(number * QUARTER, amounts, estimated, **told)


def runs_of(team: Team) -> LocalUsageQuerySet:
    """All that raxdash ran."""
    return LocalUsage.objects.filter(team=team)


def untold_runs(team: Team) -> LocalUsageQuerySet:
    """The runs that no provider tells of: where one did once, those since then."""
    untold = Q(key__meter__watched_until=None) | Q(at__gt=F("key__meter__watched_until"))
    return LocalUsage.objects.filter(untold, team=team, key__meter__status=Meter.Status.NO_USAGE)


def has_local_usage(team: Team) -> bool:
    """Tell whether raxdash ran anything with keys whose server tells no usage."""
    return untold_runs(team).exists()
