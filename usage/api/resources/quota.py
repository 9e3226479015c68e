"""How much of their limits the keys in use have used, what is left, and when it ends."""

from datetime import datetime

from common.database.together import Reading as Steps
from common.database.together import read, side_by_side
from teams.models import Key, Team
from usage.api.frame import Call, Found
from usage.api.resources.keys import page_of
from usage.api.shapes import Json, at, named, newest
from usage.claims import Amount
from usage.exports.json_text import said
from usage.ledger import TOKENS
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import NoForecast
from usage.quota.forecast.reading import Foreseen, reading_foreseen
from usage.quota.gauges import Gauge, Headroom
from usage.quota.key_quota import KeyQuota, key_quotas
from usage.quota.page.endings import Kind, Nearest, ending, nearest
from usage.quota.page.rows import going_on


def find(call: Call) -> Found:
    """The keys in use, oldest first."""
    team = call.access.team
    keys = Key.objects.for_team(team).exclude(status=Key.Status.RETIRED)
    shown, cursor = page_of(keys, call)
    pairs = [(quota, nearest(quota, call.now)) for quota in key_quotas(team, shown, call.now)]
    days, periods = read(_foreseen(team, pairs, call.now))
    rows = [row(*pair, (days if pair[1].is_day else periods), call.now) for pair in pairs]
    as_of = newest([told_at(quota, call.now) for quota, _ in pairs])
    return Found({"as_of": at(as_of), "rows": rows}, cursor)


type Pairs = list[tuple[KeyQuota, Nearest]]
type Expected = dict[int, Foreseen]


def _foreseen(team: Team, pairs: Pairs, now: datetime) -> Steps[tuple[Expected, Expected]]:
    """What is expected of days and of periods, by meter. Two steps."""
    days, periods = yield from side_by_side(
        *(
            reading_foreseen(team, TOKENS, going_on(pair for pair in pairs if pair[1].is_day == is_day), now)
            for is_day in (True, False)
        )
    )
    return dict(days), dict(periods)


def told_at(quota: KeyQuota, now: datetime) -> datetime | None:
    """When its numbers were told: what raxdash itself counts, in this minute."""
    return now.replace(second=0, microsecond=0) if quota.is_local else quota.as_of


def row(quota: KeyQuota, limit: Nearest, expected: Expected, now: datetime) -> Json:
    """One key: its day, its billing period, and what becomes of the limit that is nearest."""
    found = expected.get(quota.meter.pk) if quota.meter else None
    return {
        "key": named(quota.key.pk, quota.key.name),
        "as_of": at(told_at(quota, now)),
        "is_counted_here": quota.is_local,
        "nearest": nearest_limit(quota, limit, found.forecast if found else None, now),
        "day": gauge(quota.today, quota.today_requests),
        "period": gauge(quota.period, quota.period_requests) if quota.period else None,
        "headroom": headroom(quota.headroom),
    }


def nearest_limit(
    quota: KeyQuota, limit: Nearest, foreseen: Forecast | NoForecast | None, now: datetime
) -> Json:
    """What becomes of a limit, and the range that the forecast gives for it, where there is one."""
    found = ending(quota, limit, foreseen)
    goes_on = found.kind in {Kind.ENDS, Kind.LASTS}
    return {
        "limit": "day" if limit.is_day else "period",
        "outcome": found.kind.value,
        "ends_at": at(to_the_minute(found.at, limit.gauge, now)),
        "is_latest": found.is_latest,
        "why": found.why,
        "forecast": crossing(foreseen, limit.gauge) if goes_on and isinstance(foreseen, Forecast) else None,
    }


def to_the_minute(end: datetime | None, found: Gauge, now: datetime) -> datetime | None:
    """When a limit ends, so that it is the same for a minute although it is reckoned from now by the burn."""
    if end is not None and end == found.exhausted_at:
        end -= now - now.replace(second=0, microsecond=0)
    return end and end.replace(second=0, microsecond=0)


def crossing(foreseen: Forecast, limit: Gauge) -> Json:
    """When a limit is used up, from one time in ten to nine in ten; null is not before it begins anew."""
    found = foreseen.crossing(limit.limit or 0)
    return {"earliest": at(found.earliest), "likely": at(found.likely), "latest": at(found.latest)}


def gauge(found: Gauge, requests: Amount) -> Json:
    """One limit and what was used of it."""
    return {
        "starts_at": at(found.starts_at),
        "resets_at": at(found.resets_at),
        "limit": found.limit,
        "used": said(found.used),
        "left": left(found),
        "requests": said(requests),
    }


def left(found: Gauge) -> Json | None:
    """What may still be used: at most so much, where at least so much was used; null without a limit."""
    if found.limit is None:
        return None
    if found.used.drawn is None:
        return {"amount": None, "quality": "unknown"}
    return {"amount": found.left, "quality": "known" if found.used.is_known else "at most"}


def headroom(found: Headroom | None) -> Json | None:
    """What the provider last said is left of its limits of a minute; null once that says nothing."""
    if found is None or not found.is_current:
        return None
    sample = found.sample
    return {
        "as_of": at(sample.received_at),
        "requests_left": sample.requests_remaining,
        "requests_limit": sample.requests_limit,
        "tokens_left": sample.tokens_remaining,
        "tokens_limit": sample.tokens_limit,
    }
