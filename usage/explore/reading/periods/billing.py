"""The billing periods of a team around a moment, of however many keys and years; each key has its own."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from common.database.together import Reading, ask, nothing, read, side_by_side
from teams.models import Team
from usage.claims import Amount, at_least, known, total
from usage.explore.query.team_time import MOMENT, BillingPeriod
from usage.explore.reading.periods.own_costs import OwnCost, OwnPricing, reading_counted
from usage.ledger import COST, COVERAGE, METRICS, REQUESTS, TOKENS, Quality
from usage.ledger.grid import quarter_number
from usage.ledger.words import microseconds, moment
from usage.models import Meter, Period, TeamQuarter
from usage.models.ledger.joined_texts import BETWEEN, JoinedTexts
from usage.models.ledger.json_sums import SumOfModels
from usage.models.ledger.periods import boundary_moved

# The condition that all meters meet, and the models that are added up.
EVERY, ALL_MODELS = Q(), MappingProxyType[str, Sequence[str]]({})
WATCHED = (Quality.MEASURED, Quality.INTERPOLATED, Quality.CORRECTED)

# (start, end) in microseconds; an end that was not told is None.
type Bounds = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Billing:
    """The periods around a moment, newest first, and whether the team was watched before another one."""

    periods: Sequence[BillingPeriod]
    was_watched: bool = True


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """The billing period of some keys, named by the first and the last of them, and what they used in it; one
    of their accounts has the number `account`.
    """

    start: datetime
    end: datetime | None
    names: tuple[str, str]
    keys: int
    amounts: dict[str, Amount]
    account: int
    unpriced: frozenset[str] = frozenset()

    def with_cost(self, cost: OwnCost) -> Self:
        """The same with what it cost: at least so much where at least so much was used."""
        known, amount = self.amounts[TOKENS].is_known, cost.amount
        amount = amount if known else at_least(amount.certain, amount.more, amount.unit)
        return replace(self, amounts={**self.amounts, COST: amount}, unpriced=cost.unpriced)

    @property
    def others(self) -> int:
        """How many keys there are beside those that are named."""
        return self.keys - 2

    @property
    def words(self) -> str:
        """The names of its keys as one text."""
        first, last = self.names
        others = f" and {self.others} more" if self.others > 0 else ""
        return first if self.keys == 1 else f"{first}, {last}{others}"

    @property
    def last_day(self) -> datetime | None:
        """A moment of the last day that belongs to it."""
        return self.end - MOMENT if self.end else None


def billing_around(
    team: Team, until: datetime, watched_before: datetime | None = None, anchor: str = ""
) -> Billing:
    """The periods around a moment, as `periods_around` tells them. One query."""
    return read(periods_around(team, until, watched_before, anchor))


def periods_around(
    team: Team,
    until: datetime,
    watched_before: datetime | None = None,
    anchor: str = "",
    which: Q = EVERY,
    *,
    has_parts: bool = True,
) -> Reading[Billing]:
    """The newest period that began before `until` and its neighbours, of all meters or of those that meet a
    condition, `which`. Where those of several keys begin on different days each key counts its own: the
    period reaches from the first of them to the last. With an `anchor`, the number of an account, it is that
    account's. Where no counter of the team began again within a period its parts are not looked for
    (`has_parts`). Was the team watched before `watched_before`? One step, which looks up a few periods of
    each key.
    """
    at = microseconds(until)
    mine = Period.objects.filter(meter=OuterRef("pk"), superseded=False, told_start=None)
    mine = mine.as_told(has_parts=has_parts)
    before, after = mine.filter(start__lt=at).order_by("-start"), mine.filter(start__gte=at).order_by("start")
    # Two at once, and of each begin and end: every look searches the periods of every key.
    ended = Coalesce(Cast("ended", TextField()), Value("", TextField()))
    both = Concat(Cast("began", TextField()), Value(" ", TextField()), ended, output_field=TextField())
    places = {"before": before.values(told=both)[:2], "after": after.values(told=both)[:1]}
    columns: dict[str, Any] = {name: JoinedTexts(periods) for name, periods in places.items()}
    if watched_before:
        columns["was_watched"] = Exists(_watched(team, watched_before))
    meters = Meter.objects.for_team(team).filter(which).order_by()
    if anchor:
        meters = meters.filter(pk=int(anchor))
        columns["called"] = Coalesce("key__name", "name")
    rows = yield from ask(meters.annotate(**columns).values(*columns).distinct())
    of = rows[0]["called"] if anchor and rows else ""
    earlier, later = ([_bounds(told) for told in {row[name] for row in rows}] for name in places)
    newest, second = ([bounds[place] for bounds in earlier if bounds[place:]] for place in (0, 1))
    following = [bounds[0] for bounds in later if bounds]
    periods = [_following(following), _together(newest), _together(second)]
    found = [period._replace(of=of) for period in periods if period]
    return Billing(found, was_watched=not watched_before or any(row["was_watched"] for row in rows))


def _bounds(told: str | None) -> list[Bounds]:
    """Begins and ends of periods, the newest first, as a query tells some of one key."""
    found = [each.split(" ") for each in told.split(BETWEEN)] if told else []
    return sorted(((int(began), int(ended) if ended else None) for began, ended in found), reverse=True)


def _watched(team: Team, before: datetime) -> Any:
    """Quarters in which somebody looked, before an instant."""
    last = quarter_number(microseconds(before))
    seen = TeamQuarter.objects.filter(team=team, metric=COVERAGE, number__lte=last, model__in=WATCHED)
    return seen.values("number")


def _together(bounds: Iterable[Bounds]) -> BillingPeriod | None:
    """The periods of all keys as one, from the first begin to the last end."""
    ends: dict[int, int | None] = {}
    for start, end in bounds:
        ends[start] = max(filter(None, (end, ends.get(start))), default=None)
    if not ends:
        return None
    last = None if None in ends.values() else max(filter(None, ends.values()))
    return BillingPeriod(moment(min(ends)), _moment(last), is_own=len(ends) > 1)


def _following(bounds: Iterable[Bounds]) -> BillingPeriod | None:
    """The periods after those, to the first end: until then no key has begun another one."""
    found = list(bounds)
    ends = [end for _, end in found if end is not None]
    return (
        BillingPeriod(moment(min(start for start, _ in found)), _moment(min(ends, default=None)))
        if found
        else None
    )


def own_periods(
    team: Team,
    until: datetime,
    *,
    is_late: bool,
    untold: Container[str] = (),
    which: Q = EVERY,
    models: Mapping[str, Sequence[str]] = ALL_MODELS,
    pricing: OwnPricing | None = None,
) -> Reading[list[OwnPeriod]]:
    """The newest period of each key that began before `until`, those that are alike in one row, newest first:
    of all meters or of those that meet a condition, `which`, and of the `models` that `SumOfModels` is to
    add up.

    `is_late` says that polls were missed: what is told of periods that go on is a lower bound, as it is of
    the metrics that are `untold` by some key. With a `pricing` each has a cost. One step.
    """
    at, name = microseconds(until), Coalesce("meter__key__name", "meter__name")
    theirs = Period.objects.filter(meter=OuterRef("meter"), superseded=False, start__lt=at).as_told()
    mine = (
        Period.objects.for_team(team)
        .filter(meter__in=Meter.objects.for_team(team).filter(which).order_by().values("pk"))
        .as_told()
        .filter(began=Subquery(theirs.order_by("-start").values("began")[:1]))
    )
    question = (
        mine.order_by("-began", "ended")
        .values("began", "ended")
        .annotate(keys=Count("meter", distinct=True), account=Min("meter"), first=Min(name), last=Max(name))
        .annotate(
            tokens=Sum(SumOfModels("counters", TOKENS, **models)),
            requests=Sum(SumOfModels("counters", REQUESTS, **models)),
        )
        .annotate(doubtful=Count("pk", filter=boundary_moved() | Q(tail__gt=0)))
    )
    rows, counted = yield from side_by_side(ask(question), reading_counted(mine) if pricing else nothing([]))
    found = {(row["began"], row["ended"]): _own(row, at, untold, is_late=is_late) for row in rows}
    costs = pricing.costs(counted) if pricing else {}
    return [own.with_cost(costs[bounds]) if bounds in costs else own for bounds, own in found.items()]


def _own(row: Mapping[str, Any], until: int, untold: Container[str], *, is_late: bool) -> OwnPeriod:
    goes_on = row["ended"] is None or row["ended"] >= until
    is_least = row["doubtful"] or (is_late and goes_on)
    amounts = {
        metric: at_least(row[metric]) if is_least or metric in untold else known(row[metric])
        for metric in METRICS
    }
    return OwnPeriod(
        moment(row["began"]),
        _moment(row["ended"]),
        (row["first"], row["last"]),
        row["keys"],
        amounts,
        row["account"],
    )


def own_totals(periods: Iterable[OwnPeriod]) -> dict[str, Amount]:
    """The sum of each key's own period."""
    periods = list(periods)
    metrics = [metric for metric in (*METRICS, COST) if all(metric in each.amounts for each in periods)]
    return {metric: total(period.amounts[metric] for period in periods) for metric in metrics}


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)
