"""What the accounts page shows: how each account is counted, and what would change if two were one."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Sum

from common.lists import ListAddress, ListPage
from teams.models import Team
from usage.accounts import sharing
from usage.ledger import METRICS
from usage.models import Day, Meter, SharingSuggestion, Stretch

PER_PAGE = 25
# A page names so many at once; the others follow when these are decided.
MOST_SUGGESTIONS = 10
MOST_RESETS = 20


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
