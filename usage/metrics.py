"""What usage tells Prometheus: by key and model, how near limits are, and whether polls are in time.

Labels are the team's slug and the name of a key in use, so there are as many series as keys, and at most
`SEATS` models for each. A correction takes back what was counted too much: the sums are gauges, and what was
used in some time is their `delta`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q
from prometheus_client import Metric

from common.metrics import gauge
from teams.models import Key
from usage.ledger import METRICS, OTHER_MODELS
from usage.ledger.words import SEATS, Amounts
from usage.models import Host, Meter, RateSample
from usage.models.meters.lateness import IN_USE, PUNCTUAL
from usage.quota.day import quota_day
from usage.quota.gauges import headroom

type Names = tuple[str, str]


def collect(now: datetime) -> Iterator[Metric]:
    """Yield all of it; three queries, however many teams and keys there are."""
    meters = list(_meters())
    yield from used(meters)
    yield from shares(meters, now)
    yield from polls(meters, now)
    yield from rates(now)


def used(meters: Iterable[Meter]) -> Iterator[Metric]:
    """What each account used of each model since it is counted, by the last answer that counts."""
    families = {
        metric: gauge(f"used_{metric}", f"{metric.capitalize()} counted of a key and a model.", *BY_MODEL)
        for metric in METRICS
    }
    for meter in meters:
        state = meter.ledger_state  # read from JSON each time
        for metric, family in families.items():
            for model, amount in models_of(state.amounts if state else {}, metric).items():
                family.add_metric([*names(meter), model], amount)
    yield from families.values()


def models_of(counted: Amounts, metric: str) -> Counter[str]:
    """What was counted of a metric by model: the models most used, and all others as one."""
    amounts = Counter({series.model: amount for series, amount in counted.items() if series.metric == metric})
    kept = Counter(dict(amounts.most_common(SEATS)))
    if others := amounts.total() - kept.total():
        kept[OTHER_MODELS] += others
    return kept


def shares(meters: Iterable[Meter], now: datetime) -> Iterator[Metric]:
    """How much of its nearest limit each account has used; nothing where that was told before today."""
    family = gauge(
        "limit_used_ratio", "Used part of a key's nearest limit, of the day or the period.", *BY_KEY
    )
    for meter in meters:
        day = quota_day(now, meter.team.quota_zone)
        if meter.limit_share is not None and meter.watched_until and meter.watched_until >= day.start:
            family.add_metric(names(meter), meter.limit_share)
    yield family


def polls(meters: Iterable[Meter], now: datetime) -> Iterator[Metric]:
    """How old what is known of each account is, how many polls are late, how many hosts do not answer."""
    age = gauge("poll_age_seconds", "Age of the last poll of a key that told something.", *BY_KEY)
    for meter in meters:
        if meter.watched_until:
            age.add_metric(names(meter), max((now - meter.watched_until).total_seconds(), 0))
    late = gauge("polls_late", "Keys whose poll should have been made by now.")
    late.add_metric([], Meter.objects.pollable().filter(next_poll_at__lt=now - PUNCTUAL).count())
    silent = gauge("hosts_silent", "Servers of keys that do not answer.")
    silent.add_metric([], Host.objects.down().count())
    yield from (age, late, silent)


def rates(now: datetime) -> Iterator[Metric]:
    """What the provider last said is left of a key's limits of a minute, while that can be believed."""
    left = gauge("rate_limit_left", "What is left of a key's rate limit.", *BY_KEY, "unit")
    limit = gauge("rate_limit", "A key's rate limit, as the provider tells it.", *BY_KEY, "unit")
    samples = RateSample.objects.filter(key__status__in=IN_USE).select_related("key__team")
    for sample in samples.defer("key__ciphertext"):
        if headroom(sample, now).is_current:
            for unit in METRICS:
                labels = [sample.key.team.slug, sample.key.name, unit]
                for family, amount in ((left, f"{unit}_remaining"), (limit, f"{unit}_limit")):
                    if (value := getattr(sample, amount)) is not None:
                        family.add_metric(labels, value)
    yield from (left, limit)


BY_KEY = ("team", "key")
BY_MODEL = (*BY_KEY, "model")


def names(meter: Meter) -> Names:
    """The team and key that an account is told as; one whose own key is gone is told apart by its number."""
    name = meter.key.name if meter.key else f"{meter.name} (account {meter.pk})"
    return meter.team.slug, name


def _meters() -> Iterable[Meter]:
    """The accounts that a key in use counts for: that of its own meter, or the one this was merged into."""
    in_use = Key.objects.filter(status__in=IN_USE).values("pk")
    mine = Q(key__in=in_use) | Q(pk__in=Meter.objects.filter(key__in=in_use).values("merged_into"))
    counted = Meter.objects.counted().filter(mine, merged_into=None)
    return counted.select_related("team", "key").defer("key__ciphertext").order_by("pk")
