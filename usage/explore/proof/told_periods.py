"""What providers told of the billing periods that a span touches: a row for each, of all accounts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least

from common.database.together import Reading, ask, side_by_side
from teams.models import Team
from usage.books.past import LEAST_UNSEEN, PeriodSum
from usage.explore.reading.past import Names, Past, names_of
from usage.ledger import UNATTRIBUTED
from usage.models import Meter, Period
from usage.models.ledger.json_sums import AmountOfModel, SumOfModels
from usage.models.ledger.periods import boundary_moved

# So many are looked through for ends that nobody saw.
MOST_PERIODS = 60

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is summed up: a metric of the `models` that `SumOfModels` takes. Where no counter of the team
    began again within a period it does not have to be looked for (`has_parts`).
    """

    metric: str
    models: Mapping[str, Sequence[str]]
    is_money: bool
    has_parts: bool

    @property
    def has_residual(self) -> bool:
        """Tell whether what is of no model is shown: money is told of no model at all."""
        return not self.is_money and UNATTRIBUTED in self.models.get("only", [UNATTRIBUTED])

    def sum_of(self, told: Mapping[str, Mapping[str, int]]) -> int:
        """The sum over its models."""
        only, without = self.models.get("only"), self.models.get("without", ())
        amounts = told.get(self.metric, {}).items()
        return sum(
            used for model, used in amounts if model not in without and (only is None or model in only)
        )


def told_periods(
    team: Team,
    meters: Collection[int] | None,
    start: datetime,
    end: datetime,
    asked: Counted,
    past: Past | None = None,
) -> Reading[list[Row]]:
    """The newest periods that have some time in [start, end), newest first, of some meters or of all; those
    that are over from their sums, where these hold. One step.
    """
    # Of some keys, of money, and where a period has parts, nothing is summed up.
    is_summed = past is not None and meters is None and not (asked.is_money or asked.has_parts)
    over = past.periods(start, end) if past is not None and is_summed else None
    mine = Period.objects.for_team(team)
    mine = mine if meters is None else mine.filter(meter_id__among=meters)
    ended_after = past.until if past is not None and over is not None else 0
    touched = mine.touching(start, end, has_parts=asked.has_parts, ended_after=ended_after)
    going_on, names = yield from side_by_side(
        ask(_summed(touched, asked)),
        names_of(team, [pk for one in over or () for pk in (one.first, one.last)]),
    )
    rows = [*going_on, *(_row(one, asked, names) for one in over or ())]
    # What goes on began no sooner than what was over at the same time: those stay before these.
    return sorted(rows, key=lambda row: -row["began"])[:MOST_PERIODS]


def _summed(touched: Any, asked: Counted) -> Any:
    total = Sum(SumOfModels("counters", asked.metric, **asked.models))
    residual = AmountOfModel("counters", asked.metric, UNATTRIBUTED) if asked.has_residual else Value(0)
    return (
        touched.values("began", "ended")
        .annotate(meters=Count("meter", distinct=True), told=total, unattributed=Sum(residual))
        .annotate(longest_tail=Max("tail"), inexact=Count("pk", filter=boundary_moved()))
        .annotate(resets=Count("told_start"))
        .annotate(not_told=_not_told(asked.metric) if asked.is_money else Value(0))
        .annotate(**_lapsed())
        .order_by("-began", "-ended")[:MOST_PERIODS]
    )


def _row(one: PeriodSum, asked: Counted, names: Names) -> Row:
    """A sum as such a row."""
    residual = one.told.get(asked.metric, {}).get(UNATTRIBUTED, 0)
    return {
        "began": one.began,
        "ended": one.ended,
        "meters": one.meters,
        "told": asked.sum_of(one.told),
        "unattributed": residual if asked.has_residual else 0,
        "longest_tail": one.tail,
        "inexact": one.inexact,
        "resets": 0,
        "not_told": 0,
        "lapsed": one.lapsed,
        "lapsed_account": one.account,
        "lapsed_first": None if one.first is None else names.get(one.first),
        "lapsed_last": None if one.last is None else names.get(one.last),
    }


def _not_told(metric: str) -> Sum:
    """How much was spent when a cost was told for the first time: it is counted from there on."""
    return Sum(Least(AmountOfModel("opening", metric, UNATTRIBUTED), 0))


def _lapsed() -> dict[str, Any]:
    """What is asked of the ends of periods that nobody saw: of how many accounts, of which, how long."""
    # Most periods end seen: only of the others the names are looked up.
    meters = Meter.objects.filter(pk=OuterRef("meter")).annotate(called=Coalesce("key__name", "name"))
    is_unseen, name = Q(tail__gte=LEAST_UNSEEN, end__isnull=False), Subquery(meters.values("called"))
    return {
        "lapsed": Count("meter", distinct=True, filter=is_unseen),
        "lapsed_account": Min("meter", filter=is_unseen),
        "lapsed_first": Min(name, filter=is_unseen),
        "lapsed_last": Max(name, filter=is_unseen),
    }
