"""What a chart's address asks for: period, metric, grouping. Pure functions of query, zone and clock.

`period` is one of PERIODS; `until` (an ISO date or instant, exclusive) is where a period ends that was
stepped back; `start` and `end` are the first and last day of `custom`; `hide`, as often as need be, names a
series that is not drawn. A bad value becomes a default and a sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict

from usage.explore.query.selection import (
    DAYS,
    DEFAULT_PERIOD,
    EARLIEST,
    GROUPS,
    PERIODS,
    STEPS,
    BillingPeriod,
    Selection,
)
from usage.explore.query.spans import Span, Step, fitting_step, midnight, next_hour
from usage.ledger import METRICS, TOKENS
from usage.ledger.words import EPOCH

QUARTER = timedelta(minutes=15)
MOST_HIDDEN = 20


def parse(
    query: Mapping[str, str],
    zone: ZoneInfo,
    now: datetime,
    billing: Sequence[BillingPeriod] = (),
    default: str = DEFAULT_PERIOD,
) -> Selection:
    """Read the query of a chart's address. `billing` holds the team's periods around its `until_of`, newest
    first; `default` is the period of an address that names none.
    """
    period, problem = query.get("period") or default, ""
    if period not in PERIODS:
        period, problem = DEFAULT_PERIOD, "There is no such period: here are the last 7 days."
    metric = query.get("metric", TOKENS)
    group = query.get("group", GROUPS[0])
    base = Selection(
        period,
        metric if metric in METRICS else TOKENS,
        group if group in GROUPS else GROUPS[0],
        _latest(DEFAULT_PERIOD, zone, now),
        problem=problem,
        hidden=_all(query, "hide")[:MOST_HIDDEN],
    )
    if period == "custom":
        return _custom(base, query, zone, now)
    until, unread = _until(query.get("until", ""), zone, now)
    base = replace(base, until=until, problem=base.problem or unread)
    if period == "billing":
        return _billing(base, zone, now, billing)
    return replace(base, span=_latest(period, zone, until or now, exact=until is not None))


def _all(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Every value of a part of the query: a plain mapping holds one of each."""
    values = query.getlist(name) if isinstance(query, QueryDict) else [query.get(name, "")]
    return tuple(filter(None, values))


def until_of(query: Mapping[str, str], zone: ZoneInfo, now: datetime) -> datetime:
    """The moment before which a stepped period ends, or now."""
    return _until(query.get("until", ""), zone, now)[0] or now


def default_start(zone: ZoneInfo, now: datetime) -> datetime:
    """Where the span begins that is shown unless something else is asked for."""
    return _latest(DEFAULT_PERIOD, zone, now).start


def _latest(period: str, zone: ZoneInfo, until: datetime, *, exact: bool = False) -> Span:
    """The span of a period that ends with the hour or day of `until`, or exactly there."""
    if period == "24h":
        end = until if exact else next_hour(until, zone)
        return Span(end - timedelta(hours=24), end, Step.HOUR, zone)
    local = until.astimezone(zone)
    last = local.date() if exact else local.date() + timedelta(days=1)
    first = last - timedelta(days=DAYS[period])
    return Span(midnight(first, zone), midnight(last, zone), STEPS[period], zone)


def _until(text: str, zone: ZoneInfo, now: datetime) -> tuple[datetime | None, str]:
    """Read `until`; the present and the future are no stop."""
    if not text:
        return None, ""
    try:
        if len(text) == len("2026-01-31"):
            until = midnight(date.fromisoformat(text), zone)
        else:
            until = datetime.fromisoformat(text)
            until = until.replace(tzinfo=until.tzinfo or UTC).astimezone(UTC)
        until.astimezone(zone)
    except (ValueError, OverflowError):
        return None, "That place in time could not be read: here is the newest."
    if until.date() < EARLIEST + timedelta(days=max(DAYS.values())):
        return None, "Nothing was counted that long ago: here is the newest."
    return (until - (until - EPOCH) % QUARTER if until < now else None), ""


def _billing(base: Selection, zone: ZoneInfo, now: datetime, billing: Sequence[BillingPeriod]) -> Selection:
    """The newest billing period that began before `until`."""
    place = next((n for n, known in enumerate(billing) if known.start < (base.until or now)), None)
    if place is None:
        problem = base.problem or "No billing period is known yet: here are the last 30 days."
        return replace(base, period="30d", until=None, problem=problem, span=_latest("30d", zone, now))
    start, end, is_own = billing[place]
    if end is None or end <= start:
        end = midnight(now.astimezone(zone).date() + timedelta(days=1), zone)
    start, end = whole_quarters(start, end)
    span = Span(start, end, fitting_step(start, end), zone)
    older = billing[place + 1] if place + 1 < len(billing) else None
    newer = billing[place - 1] if place else None
    return replace(base, span=span, older=older, newer=newer, is_own=is_own)


def _custom(base: Selection, query: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Selection:
    """The days that were asked for, both included."""
    today = now.astimezone(zone).date()
    last, unread = _day(query.get("end", ""), today)
    first, unread_first = _day(query.get("start", ""), max(last - timedelta(days=6), EARLIEST))
    problem = unread_first or unread
    if first > last:
        first, last, problem = last, first, "The first day came after the last: they are swapped."
    if first > today:
        first, problem = today, "Those days are still to come: here is today."
    last = min(last, today)
    span_start, span_end = midnight(first, zone), midnight(last + timedelta(days=1), zone)
    span = Span(span_start, span_end, fitting_step(span_start, span_end), zone)
    return replace(base, span=span, days=(first, last), problem=base.problem or problem)


def _day(text: str, default: date) -> tuple[date, str]:
    if not text:
        return default, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return default, f"“{text[:20]}” is not a date. Write one such as {default.isoformat()}."
    if not EARLIEST <= day <= date(2100, 1, 1):
        return default, f"Nothing was counted on {day.isoformat()}."
    return day, ""


def whole_quarters(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """A span widened to quarter hours of UTC, on which all numbers are kept."""
    return start - (start - EPOCH) % QUARTER, end + (EPOCH - end) % QUARTER
