"""When models were on offer, as a line in time: pure functions, and the picture of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from usage.models import CatalogueModel, ModelChange

# The line shows so much of the past, and what is to come as far as retirements are spoken of.
PAST = timedelta(days=90)
AHEAD = timedelta(days=14)
WIDTH, HEIGHT = 240, 16
MIDDLE = HEIGHT / 2
Kind = ModelChange.Kind


class Span(NamedTuple):
    """A model was on offer in [start, end); None where it still is."""

    start: datetime
    end: datetime | None


def spans_of(model: CatalogueModel, changes: Iterable[ModelChange]) -> list[Span]:
    """When a model was on offer, by its changes, the oldest first."""
    spans, start = [], model.first_seen_at
    is_open = True
    for change in changes:
        if change.kind == Kind.DISAPPEARED and is_open:
            spans.append(Span(start, change.at))
            is_open = False
        elif change.kind == Kind.RETURNED and not is_open:
            start, is_open = change.at, True
        elif change.kind == Kind.RETURNED and not spans:
            # Since when it had been gone is not kept any more.
            start = change.at
    if is_open:
        spans.append(Span(start, model.gone_at))
    return spans


@dataclass(frozen=True, slots=True)
class Scale:
    """The time that all lines of a page show."""

    start: datetime
    now: datetime
    end: datetime

    @classmethod
    def of(cls, now: datetime, retirements: Iterable[date]) -> "Scale":
        """The last days, and up to the last of some retirements."""
        last = max(map(noon, retirements), default=now)
        return cls(now - PAST, now, max(last, now) + AHEAD)

    def place(self, at: datetime) -> float:
        """Where an instant is on the line."""
        part = (min(max(at, self.start), self.end) - self.start) / (self.end - self.start)
        return WIDTH * part

    def holds(self, at: datetime) -> bool:
        """Tell whether an instant is on it."""
        return self.start <= at <= self.end


def noon(day: date) -> datetime:
    """The middle of a day, where it is drawn."""
    return datetime.combine(day, time(12), UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """A model on a scale: when it was on offer, when it changed, when it retires."""

    scale: Scale
    spans: Sequence[Span]
    changed_at: Sequence[datetime] = ()
    retires_on: date | None = None

    @property
    def offered(self) -> str:
        """The path of the time in which it was on offer."""
        scale = self.scale
        shown = ((max(start, scale.start), end or scale.now) for start, end in self.spans)
        return "".join(
            f"M{scale.place(start):.1f} {MIDDLE}H{max(scale.place(end), scale.place(start) + 1):.1f}"
            for start, end in shown
            if end > scale.start
        )

    @property
    def ahead(self) -> str:
        """The path from now to its retirement, where it is on offer."""
        is_offered = bool(self.spans) and self.spans[-1].end is None
        if self.retires_on is None or not is_offered or noon(self.retires_on) <= self.scale.now:
            return ""
        return (
            f"M{self.scale.place(self.scale.now):.1f} {MIDDLE}H{self.scale.place(noon(self.retires_on)):.1f}"
        )

    @property
    def changes(self) -> list[str]:
        """Where it changed."""
        return [f"{self.scale.place(at):.1f}" for at in self.changed_at if self.scale.holds(at)]

    @property
    def retires(self) -> str:
        """Where it retires; nothing where that is not shown."""
        day = self.retires_on
        return f"{self.scale.place(noon(day)):.1f}" if day and self.scale.holds(noon(day)) else ""

    @property
    def now(self) -> str:
        """Where now is."""
        return f"{self.scale.place(self.scale.now):.1f}"
