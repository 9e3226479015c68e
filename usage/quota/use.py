"""What was used with keys, as far as it is certain: polled, and run by raxdash itself since the last poll."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Q, Sum, When

from teams.models import Key
from usage.ledger import COVERAGE, TOKENS
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.words import microseconds
from usage.models import LocalUsage, Meter, Quarter
from usage.quota.day import quota_day

# {meter id: {metric or quality: amount}}
type Use = dict[int, Counter[str]]


@dataclass(frozen=True, slots=True)
class OwnTokens:
    """What raxdash itself spent with a key today, and after the last poll."""

    today: int = 0
    since_poll: int = 0


def day_tokens(key: Key, now: datetime) -> int:
    """Tokens certainly used with a key in its quota day: polled, and our own since the last poll."""
    meters, day = meters_of([key]), quota_day(now, key.team.quota_zone)
    # Asked first: a run that a poll counts meanwhile may count twice, but never not at all.
    own = own_tokens([key], day.start)[key.pk]
    polled = sum(used[TOKENS] for used in used_since(meters.values(), day.start, now).values())
    return max(polled, 0) + own.since_poll


def meters_of(keys: Sequence[Key]) -> dict[UUID, Meter]:
    """{key id: the meter that counts its account}."""
    meters = Meter.objects.filter(key__in=keys).select_related("merged_into")
    meters = meters.defer("state", "merged_into__state")
    return {meter.key_id: meter.merged_into or meter for meter in meters if meter.key_id}


def used_since(meters: Iterable[Meter], start: datetime, now: datetime) -> Use:
    """{meter id: {metric or quality: amount}} from the quarter hour of `start` on."""
    return used_since_each(meters, [start], now)[0]


def used_since_each(meters: Iterable[Meter], starts: Sequence[datetime], now: datetime) -> list[Use]:
    """What was used since each of some instants, in one query."""
    firsts = [microseconds(start) // QUARTER for start in starts]
    rows = Quarter.objects.filter(
        series__meter__in=[meter.pk for meter in meters],
        number__gt=min(firsts),
        number__lte=quarter_number(microseconds(now)),
    )
    moved = F("value") - F("opening")
    sums = {
        f"since_{place}": Sum(moved, filter=Q(number__gt=first), default=0)
        for place, first in enumerate(firsts)
    }
    found: list[Use] = [{} for _ in starts]
    series = rows.values_list("series__meter_id", "series__metric", "series__model")
    for meter_id, metric, model, *amounts in series.annotate(**sums):
        name = model if metric == COVERAGE else metric
        for use, amount in zip(found, amounts, strict=True):
            use.setdefault(meter_id, Counter())[name] += amount
    return found


def own_tokens(keys: Sequence[Key], day: datetime) -> dict[UUID, OwnTokens]:
    """{key id: what raxdash spent with it since `day` began, and since its last poll}; one query.

    The database adds up: a busy key runs thousands of times a day.
    """
    until = Case(
        When(key__meter__merged_into__isnull=False, then="key__meter__merged_into__watched_until"),
        default="key__meter__watched_until",
    )
    unseen = Q(polled_until=None) | Q(at__gt=F("polled_until"))
    runs = LocalUsage.objects.filter(key__in=keys, at__gte=day).with_tokens().alias(polled_until=until)
    since = Sum("tokens", filter=unseen, default=0)
    sums = runs.values_list("key_id").annotate(today=Sum("tokens"), since=since)
    found = {key_id: OwnTokens(int(today), int(since)) for key_id, today, since in sums}
    return {key.pk: found.get(key.pk, OwnTokens()) for key in keys}
