"""What providers told of the billing periods that a span touches: a row for each, of all accounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, Count, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least

from common.database.prepared import TEAM, Given, Prepared
from common.database.together import Question, Reading, ask, side_by_side
from teams.models import Team
from usage.books.past import LEAST_UNSEEN, PeriodSum
from usage.explore.reading.periods.past import Names, Past, names_of
from usage.ledger import METRICS, UNATTRIBUTED
from usage.ledger.words import microseconds
from usage.models import Meter, Period
from usage.models.ledger.json_sums import AmountOfModel, SumOfModels
from usage.models.ledger.periods import LONGEST_PERIOD, boundary_moved

# So many are looked through for ends that nobody saw.
MOST_PERIODS = 60

AFTER, SINCE, UNTIL = (Given(name, BigIntegerField()) for name in ("after", "since", "until"))

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is summed up: a metric of all models, `only` of some, or of all `without` some. Where no counter
    of the team began again within a period it does not have to be looked for (`has_parts`).
    """

    metric: str
    is_money: bool
    has_parts: bool
    only: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()

    @property
    def has_residual(self) -> bool:
        """Tell whether what is of no model is shown: money is told of no model at all."""
        return not self.is_money and (self.only is None or UNATTRIBUTED in self.only)

    def sum_of(self, told: Mapping[str, Mapping[str, int]]) -> int:
        """The sum over its models."""
        return sum(
            used
            for model, used in told.get(self.metric, {}).items()
            if model not in self.without and (self.only is None or model in self.only)
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
    ended_after = past.until if past is not None and over is not None else 0
    going_on, names = yield from side_by_side(
        ask(_going_on(team, meters, start, end, ended_after, asked)),
        names_of(team, [pk for one in over or () for pk in (one.first, one.last)]),
    )
    rows = [*going_on, *(_row(one, asked, names) for one in over or ())]
    # What goes on began no sooner than what was over at the same time: those stay before these.
    return sorted(rows, key=lambda row: -row["began"])[:MOST_PERIODS]


def _going_on(
    team: Team,
    meters: Collection[int] | None,
    start: datetime,
    end: datetime,
    ended_after: int,
    asked: Counted,
) -> Question:
    """The question of those that did not end before an instant (microseconds)."""
    if asked in USUAL and meters is None:
        bounds = {"after": max(microseconds(start), ended_after), "until": microseconds(end)}
        since = microseconds(start - LONGEST_PERIOD)
        return USUAL[asked].filled({"team": team.pk, "since": since, **bounds})
    mine = Period.objects.for_team(team)
    mine = mine if meters is None else mine.filter(meter_id__among=meters)
    touched = mine.touching(start, end, has_parts=asked.has_parts, ended_after=ended_after)
    return _summed(touched, asked)


def _usual(asked: Counted) -> Any:
    """The sums of a team and of a time that are told when they are asked."""
    mine = Period.objects.filter(meter__team=TEAM, meter__merged_into=None, superseded=False)
    return _summed(mine.without_parts(AFTER, SINCE, UNTIL), asked)


def _summed(touched: Any, asked: Counted) -> Any:
    total = Sum(SumOfModels("counters", asked.metric, asked.only, asked.without))
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


# All keys and models of a team of which no counter began again: what most pages ask is composed once.
USUAL = {
    asked: Prepared(partial(_usual, asked))
    for asked in (Counted(metric, is_money=False, has_parts=False) for metric in METRICS)
}
