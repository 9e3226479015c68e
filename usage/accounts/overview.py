"""What the accounts page shows: how each account is counted, and what would change if two were one."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, QuerySet, Sum

from common.database.together import Reading, ask, side_by_side
from common.lists import ListAddress, ListPage
from teams.models import Team
from usage.accounts import sharing
from usage.ledger import METRICS
from usage.models import CounterReset, Day, Meter, SharingSuggestion, Stretch

PER_PAGE = 25
# A page names so many at once; the others follow when these are decided.
MOST_SUGGESTIONS = 10
MOST_RESETS = 20
# What a page shows of who decided.
DECIDED_BY = ("decided_by__name", "decided_by__email")


@dataclass(frozen=True, slots=True)
class Merging:
    """The meter that goes on counting, the one that ends, and what leaves the team's totals with it.

    `renewed` are those of the two whose key was given a new secret: what they counted may be two accounts.
    `is_reversible` says that they could be counted apart again, until old answers are deleted.
    """

    keeps: Meter
    goes: Meter
    amounts: Counter[str]
    renewed: tuple[Meter, ...]
    is_reversible: bool


def doubted(team: Team) -> Reading[dict[str, Any]]:
    """What people decided of accounts or have to, each list as far as a page shows it: the `suggestions`, of
    so many `doubts`, those that were `dismissed`, the `resets`; and how many accounts are `outdated`.
    One step.
    """
    shown = _names_of("first", "second"), _names_of("meter", "meter__merged_into")
    suggestions = SharingSuggestion.objects.for_team(team).select_related("decided_by")
    suggestions = suggestions.only("changes", "evidence", "state", "decided_at", *DECIDED_BY, *shown[0])
    said = CounterReset.objects.for_team(team).only(
        "at", "decided_at", "meter__merged_into__merged_into", *DECIDED_BY, *shown[1]
    )
    open_ones, dismissed = suggestions.open(), suggestions.dismissed()
    open_shown, doubts, kept_apart, resets, outdated = yield from side_by_side(
        ask(open_ones[:MOST_SUGGESTIONS]),
        ask(_counted(open_ones)),
        ask(dismissed[:MOST_SUGGESTIONS]),
        ask(said[:MOST_RESETS]),
        ask(_counted(Meter.objects.for_team(team).outdated())),
    )
    return {
        "suggestions": open_shown,
        "doubts": sum(doubts),
        "dismissed": kept_apart,
        "resets": resets,
        "outdated": sum(outdated),
    }


def _names_of(*meters: str) -> list[str]:
    """What a page shows of related meters."""
    return [f"{meter}__{name}" for meter in meters for name in ("name", "key__name")]


def _counted(rows: QuerySet[Any]) -> QuerySet[Any, int]:
    """How many rows there are, as a row; none where there are none."""
    counts = rows.select_related(None).order_by().values("team").annotate(count=Count("pk"))
    return counts.values_list("count", flat=True)


def merging(suggestion: SharingSuggestion, now: datetime) -> Merging:
    """What would change if the accounts of a suggestion were counted as one."""
    keeps, goes = sharing.sides(suggestion, now)
    pair = Meter.objects.filter(pk__in=[keeps.pk, goes.pk])
    renewed = pair.renewed().select_related("key").defer("state")
    return Merging(keeps, goes, amounts(goes), tuple(renewed), goes.is_separable_from(keeps))


def amounts(meter: Meter) -> Counter[str]:
    """All that a meter adds to its team's totals: {metric: amount}."""
    days = Day.objects.filter(series__meter=meter, series__metric__in=METRICS)
    sums = days.values_list("series__metric").annotate(used=Sum(F("value") - F("opening")))
    used = Counter(dict(sums))
    for stretch in Stretch.objects.of_meters([meter.pk]):
        for series, amount in stretch.as_ledger().amounts.items():
            used[series.metric] += amount
    return used


def counted(team: Team, address: ListAddress) -> ListPage[Meter]:
    """One page of the meters that count something, each with those merged into it.

    First come accounts of several keys and keys with a new secret: of the others nothing is to be said.
    """
    shown = Meter.objects.select_related("key").defer("state")
    merged = Prefetch("merged", shown.counted().with_new_secret().order_by("pk"))
    meters = shown.for_team(team).notable_first().prefetch_related(merged)
    return address.page_of(meters, PER_PAGE)


def has_new_secret(team: Team, key_id: UUID) -> bool:
    """Tell whether a key was given another secret since it is polled, and that was not parted yet."""
    return Meter.objects.filter(team=team, key=key_id).renewed().exists()
