"""What a chart's address asks for: period, metric, grouping. Pure functions of query, zone and clock.

`period` is one of PERIODS; `until` (an ISO date or instant, exclusive) is where a period ends that was
stepped back; `start` and `end` are the first and last day of `custom`. A bad value becomes a default and a
sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from usage.ledger import METRICS, TOKENS
from usage.spans import Span, Step, fitting_step, midnight, next_hour

PERIODS = {
    "24h": "24 hours",
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "billing": "Billing period",
    "custom": "Custom",
}
DAYS = {"7d": 7, "30d": 30, "90d": 90}
STEPS = {"7d": Step.THREE_HOURS, "30d": Step.DAY, "90d": Step.DAY}
DEFAULT_PERIOD = "7d"
GROUPS = ("model",)
EARLIEST = date(2000, 1, 1)


class BillingPeriod(NamedTuple):
    """A billing period of the team's meters; `end` is exclusive, None where the provider did not say."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Selection:
    """A readable chart state. `until` is None where the period ends now; `problem` is for the reader."""

    period: str
    metric: str
    group: str
    span: Span
    until: datetime | None = None
    days: tuple[date, date] | None = None
    problem: str = ""
    older: BillingPeriod | None = field(default=None, repr=False)
    newer: BillingPeriod | None = field(default=None, repr=False)

    def query(self, **changes: str) -> str:
        """The query of this state with some parts changed; stepping is forgotten with the period."""
        parts = {"period": self.period, "metric": self.metric}
        if self.group != GROUPS[0]:
            parts["group"] = self.group
        if "period" not in changes:
            parts |= self._place()
        return urlencode(parts | changes, safe=":")

    def _place(self) -> dict[str, str]:
        if self.days:
            return {"start": self.days[0].isoformat(), "end": self.days[1].isoformat()}
        return {"until": iso(self.until, self.span.zone)} if self.until else {}

    def previous(self) -> str:
        """The query of the same period one step earlier; empty where nothing earlier is known."""
        if self.period == "billing":
            return self._stepped(self.span.start) if self.older else ""
        if self.days:
            return self._shifted(-1)
        return self._stepped(self.span.start)

    def next(self, now: datetime) -> str:
        """The query one step later; empty where the period reaches the present."""
        if self.span.end > now or (self.period == "billing" and not self.newer):
            return ""
        if self.days:
            return self._shifted(1)
        until = (self.newer.end or now) if self.newer else later(self)
        return self._stepped(until if until <= now else None)

    def _stepped(self, until: datetime | None) -> str:
        return replace(self, until=until).query()

    def _shifted(self, times: int) -> str:
        first, last = self.days or (EARLIEST, EARLIEST)
        length = (last - first + timedelta(days=1)) * times
        return replace(self, days=(first + length, last + length)).query()


def parse(
    query: Mapping[str, str], zone: ZoneInfo, now: datetime, billing: Sequence[BillingPeriod] = ()
) -> Selection:
    """Read the query of a chart's address. `billing` holds the team's known periods, newest first."""
    period, problem = query.get("period") or DEFAULT_PERIOD, ""
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
    )
    if period == "custom":
        return _custom(base, query, zone, now)
    until, unread = _until(query.get("until", ""), zone, now)
    base = replace(base, until=until, problem=base.problem or unread)
    if period == "billing":
        return _billing(base, zone, now, billing)
    return replace(base, span=_latest(period, zone, until or now, exact=until is not None))


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
    return (until if until < now else None), ""


def _billing(base: Selection, zone: ZoneInfo, now: datetime, billing: Sequence[BillingPeriod]) -> Selection:
    """The newest billing period that began before `until`."""
    place = next((n for n, known in enumerate(billing) if known.start < (base.until or now)), None)
    if place is None:
        problem = base.problem or "No billing period is known yet: here are the last 30 days."
        return replace(base, period="30d", until=None, problem=problem, span=_latest("30d", zone, now))
    start, end = billing[place]
    if end is None or end <= start:
        end = midnight(now.astimezone(zone).date() + timedelta(days=1), zone)
    span = Span(start, end, fitting_step(start, end), zone)
    older = billing[place + 1] if place + 1 < len(billing) else None
    return replace(base, span=span, older=older, newer=billing[place - 1] if place else None)


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


def later(selection: Selection) -> datetime:
    """The end of the period that follows the selected one."""
    span = selection.span
    if selection.period == "24h":
        return span.end + timedelta(hours=24)
    last = span.end.astimezone(span.zone).date() + timedelta(days=DAYS[selection.period])
    return midnight(last, span.zone)


def iso(until: datetime, zone: ZoneInfo) -> str:
    """A local midnight as its date, every other instant in UTC."""
    local = until.astimezone(zone)
    if midnight(local.date(), zone) == until:
        return local.date().isoformat()
    return until.astimezone(UTC).isoformat().replace("+00:00", "Z")
