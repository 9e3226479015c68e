"""The state of a chart: which span, metric and grouping, and the addresses of its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from usage.explore.query.spans import Span, Step, midnight
from usage.explore.query.team_time import BillingPeriod as BillingPeriod

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


@dataclass(frozen=True, slots=True)
class Selection:
    """A readable chart state. `until` is None where the period ends now, `hidden` names series that are
    not drawn, `problem` is for the reader, `is_own` says that each key counts its own billing period.
    """

    period: str
    metric: str
    group: str
    span: Span
    until: datetime | None = None
    days: tuple[date, date] | None = None
    problem: str = ""
    hidden: tuple[str, ...] = ()
    is_own: bool = False
    older: BillingPeriod | None = field(default=None, repr=False)
    newer: BillingPeriod | None = field(default=None, repr=False)

    def local_days(self, now: datetime) -> tuple[date, date]:
        """The first and last local day of the span, no later than today."""
        last = min(self.span.end - timedelta(microseconds=1), now)
        first = min(self.span.start, last)
        return first.astimezone(self.span.zone).date(), last.astimezone(self.span.zone).date()

    def query(self, **changes: str | Sequence[str]) -> str:
        """The query of this state with some parts changed; stepping is forgotten with the period."""
        parts: dict[str, str | Sequence[str]] = {"period": self.period, "metric": self.metric}
        if self.group != GROUPS[0]:
            parts["group"] = self.group
        if "period" not in changes:
            parts |= self._place()
        if self.hidden:
            # Once for each name, which may hold any sign.
            parts["hide"] = self.hidden
        told = {name: value for name, value in (parts | changes).items() if value}
        return urlencode(told, doseq=True, safe=":")

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
