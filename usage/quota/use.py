"""What was used with keys, as far as it is certain: polled, and run by raxdash itself since the last poll."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When

from common.database.together import Reading, ask, read, side_by_side
from teams.models import Key
from usage.ledger import COVERAGE, TOKENS, Quality
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.words import microseconds, moment
from usage.models import LocalUsage, Meter, Quarter, Stretch
from usage.quota.day import quota_day

SEEN = (Quality.MEASURED, Quality.INTERPOLATED, Quality.CORRECTED)


@dataclass(slots=True)
class Use:
    """What a meter used since some instant: `certain` is {metric or quality: amount}.

    `more` is {metric: amount} of the stretch in which the instant lies, up to `cut_until`: nobody saw how
    much of it came later. `cut` is how long the later part is, {quality: microseconds}, beside `certain`.
    """

    certain: Counter[str] = field(default_factory=Counter)
    more: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    cut_until: datetime | None = None

    def add(self, stretch: Stretch, since: int) -> None:
        """Count a stretch that ends after the instant, in microseconds."""
        amounts = Counter({metric: sum(models.values()) for metric, models in stretch.amounts.items()})
        if stretch.start < since:
            self.more, self.cut_until = amounts, moment(stretch.end)
            self.cut[stretch.quality] = stretch.end - since
        else:
            self.certain.update(amounts)
            self.certain[stretch.quality] += stretch.end - stretch.start

    def certain_since(self, metric: str, start: datetime) -> datetime:
        """Since when what is certain of a metric was used; `start` is the instant."""
        return self.cut_until if self.cut_until and self.more[metric] else start

    def seen(self, metric: str) -> timedelta:
        """How much of the time since then was seen: sums of it are exact, however it was spread."""
        times = self.certain if self.more[metric] else self.certain + self.cut
        return timedelta(microseconds=sum(times[quality] for quality in SEEN))


# {meter id: what it used}
type Uses = dict[int, Use]


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
    polled = sum(use.certain[TOKENS] for use in used_since(meters.values(), day.start, now).values())
    return max(polled, 0) + own.since_poll


def meters_of(keys: Sequence[Key]) -> dict[UUID, Meter]:
    """{key id: the meter that counts its account}."""
    return read(reading_meters(keys))


def reading_meters(keys: Sequence[Key]) -> Reading[dict[UUID, Meter]]:
    """The same as a reading; one step."""
    meters = Meter.objects.filter(key__in=keys).select_related("merged_into")
    found = yield from ask(meters.defer("state", "merged_into__state"))
    return {meter.key_id: meter.merged_into or meter for meter in found if meter.key_id}


def used_since(meters: Iterable[Meter], start: datetime, now: datetime) -> Uses:
    """{meter id: what it used} from the quarter hour of `start` on."""
    return read(used_since_each(meters, [start], now))[0]


def used_since_each(
    meters: Iterable[Meter], starts: Sequence[datetime], now: datetime
) -> Reading[list[Uses]]:
    """What was used since each of some instants; one step."""
    ids = [meter.pk for meter in meters]
    firsts = [microseconds(start) // QUARTER for start in starts]
    found: list[Uses] = [{pk: Use() for pk in ids} for _ in starts]
    later = Stretch.objects.of_meters(ids).filter(end__gt=min(firsts) * QUARTER)
    moved, stretches = yield from side_by_side(
        ask(_moved(ids, firsts, quarter_number(microseconds(now)))), ask(later)
    )
    for meter_id, metric, model, *amounts in moved:
        for uses, amount in zip(found, amounts, strict=True):
            uses[meter_id].certain[model if metric == COVERAGE else metric] += int(amount)
    for stretch in stretches:
        for uses, first in zip(found, firsts, strict=True):
            if stretch.end > first * QUARTER:
                uses[stretch.meter_id].add(stretch, first * QUARTER)
    return found


def _moved(meter_ids: Sequence[int], firsts: Sequence[int], last: int) -> QuerySet[Any, Any]:
    """(meter id, metric, model, what it rose by since each of some quarters), for every series."""
    rows = Quarter.objects.filter(series__meter__in=meter_ids, number__gt=min(firsts), number__lte=last)
    moved = F("value") - F("opening")
    sums = {
        f"since_{place}": Sum(moved, filter=Q(number__gt=first), default=0)
        for place, first in enumerate(firsts)
    }
    series = rows.values_list("series__meter_id", "series__metric", "series__model")
    return series.annotate(**sums)


def own_tokens(keys: Sequence[Key], day: datetime) -> dict[UUID, OwnTokens]:
    """{key id: what raxdash spent with it since `day` began, and since its last poll}; one query."""
    return read(reading_own_tokens(keys, day))


def reading_own_tokens(keys: Sequence[Key], day: datetime) -> Reading[dict[UUID, OwnTokens]]:
    """The same as a reading; one step. The database adds up: a busy key runs thousands of times a day."""
    until = Case(
        When(key__meter__merged_into__isnull=False, then="key__meter__merged_into__watched_until"),
        default="key__meter__watched_until",
    )
    unseen = Q(polled_until=None) | Q(at__gt=F("polled_until"))
    runs = LocalUsage.objects.filter(key__in=keys, at__gte=day).with_tokens().alias(polled_until=until)
    since = Sum("tokens", filter=unseen, default=0)
    sums = yield from ask(runs.values_list("key_id").annotate(today=Sum("tokens"), since=since))
    found = {key_id: OwnTokens(int(today), int(since)) for key_id, today, since in sums}
    return {key.pk: found.get(key.pk, OwnTokens()) for key in keys}
