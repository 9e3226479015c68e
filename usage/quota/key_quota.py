"""How much of each key's limits is used, what is left, and when it ends at this pace."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Least

from teams.models import Key, Team
from usage.ledger import COVERAGE, REQUESTS, TOKENS, Quality
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.words import SECOND, microseconds
from usage.models import LimiterWindow, LocalUsage, Meter, Quarter, RateSample
from usage.quota.day import LimitPeriod, quota_day
from usage.quota.gauges import HOUR, Gauge, Headroom, gauge, headroom

# Less watched time than this tells no burn.
LEAST_WATCHED = 15 * 60 * SECOND

# No run uses more, whatever a server says; so a day's sum stays within the database's integers.
MOST_OF_A_RUN = 1 << 50

# {meter id: {metric or quality: amount}}
type Use = dict[int, Counter[str]]


@dataclass(frozen=True, slots=True)
class KeyQuota:
    """What a key may spend and has spent: the quota day, the billing period, and live headroom.

    `as_of` is the last poll; `own_since` are tokens that raxdash itself spent after it, not in the gauges.
    `is_local` says that the server counts no usage, so that the gauges know only what raxdash ran.
    `own_requests` is what raxdash itself sent in the last minute.
    """

    key: Key
    meter: Meter | None
    today: Gauge
    today_requests: int
    period: Gauge | None
    period_requests: int | None
    as_of: datetime | None
    own_since: int
    is_local: bool
    headroom: Headroom | None
    own_requests: int


@dataclass(frozen=True, slots=True)
class OwnTokens:
    """What raxdash itself spent with a key today, and after the last poll."""

    today: int = 0
    since_poll: int = 0


def key_quotas(team: Team, keys: Sequence[Key], now: datetime) -> list[KeyQuota]:
    """The quotas of some keys of a team, in their order, in a few queries."""
    meters = meters_of(keys)
    day = quota_day(now, team.quota_zone)
    own = own_tokens(keys, day.start)
    today, last_hour = used_since_each(meters.values(), (day.start, now - HOUR), now)
    samples = RateSample.objects.in_bulk([key.pk for key in keys])
    windows = LimiterWindow.objects.in_bulk([key.pk for key in keys])
    found = []
    for key in keys:
        meter, sample = meters.get(key.pk), samples.get(key.pk)
        used, hour = (use.get(meter.pk if meter else 0, Counter()) for use in (today, last_hour))
        room = headroom(sample, now) if sample else None
        sent = windows[key.pk].requests_by(now) if key.pk in windows else 0
        found.append(key_quota(key, meter, now, day, used, burn(hour), own[key.pk], room, sent))
    return found


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
    most = Value(MOST_OF_A_RUN)
    tokens = Least("prompt_tokens", most) + Least("completion_tokens", most)
    unseen = Q(polled_until=None) | Q(at__gt=F("polled_until"))
    runs = LocalUsage.objects.filter(key__in=keys, at__gte=day).alias(polled_until=until)
    sums = runs.values_list("key_id").annotate(today=Sum(tokens), since=Sum(tokens, filter=unseen, default=0))
    found = {key_id: OwnTokens(int(today), int(since)) for key_id, today, since in sums}
    return {key.pk: found.get(key.pk, OwnTokens()) for key in keys}


def burn(hour: Counter[str]) -> int | None:
    """Tokens an hour, by the last hour's watched time; unknown where it holds what nobody watched."""
    watched = hour[Quality.MEASURED] + hour[Quality.INTERPOLATED] + hour[Quality.CORRECTED]
    if watched < LEAST_WATCHED or hour[Quality.BEFORE_WATCHING]:
        return None
    return max(hour[TOKENS] * 3_600 * SECOND // watched, 0)


def key_quota(
    key: Key,
    meter: Meter | None,
    now: datetime,
    day: LimitPeriod,
    used: Counter[str],
    burn_per_hour: int | None,
    own: OwnTokens,
    room: Headroom | None,
    own_requests: int,
) -> KeyQuota:
    """Put together what is known of one key."""
    limits = key.limits()
    is_local = meter is not None and meter.status == Meter.Status.NO_USAGE and not meter.watched_until
    tokens = own.today if is_local else used[TOKENS]
    period = None
    if meter and meter.period_start:
        span = LimitPeriod(meter.period_start, meter.period_end)
        period = gauge(meter.period_tokens or 0, limits.tokens_per_period, span, now, burn_per_hour)
    return KeyQuota(
        key=key,
        meter=meter,
        today=gauge(tokens, limits.tokens_per_day, day, now, burn_per_hour),
        today_requests=used[REQUESTS],
        period=period,
        period_requests=meter.period_requests if meter else None,
        as_of=meter.watched_until if meter else None,
        own_since=own.since_poll,
        is_local=is_local,
        headroom=room,
        own_requests=own_requests,
    )
