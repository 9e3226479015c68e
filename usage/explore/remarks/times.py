"""When something was, in the words of a chart: by its days where its bars are days, else by the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from usage.explore.query.spans import Span
from usage.explore.query.team_time import clock
from usage.explore.sheet.labels import is_midnight

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Times:
    """How the times of a chart are told at `now`: a year only where it is not this one."""

    span: Span
    now: datetime

    @property
    def is_coarse(self) -> bool:
        """Tell whether no bar is shorter than a day."""
        return self.span.step.length is None

    def at(self, moment: datetime) -> str:
        """A moment: `9 Nov`, or `9 Nov, 14:05`."""
        local = moment.astimezone(self.span.zone)
        return self._day(local) if self.is_coarse else f"{self._day(local)}, {clock(local)}"

    def exactly(self, moment: datetime) -> str:
        """A moment with its clock, whatever the bars: `9 Nov, 14:05`."""
        local = moment.astimezone(self.span.zone)
        return f"{self._day(local)}, {clock(local)}"

    def between(self, start: datetime, end: datetime) -> str:
        """A time: `31 Oct – 2 Nov`, where it is one of whole days, or `31 Oct, 18:20 – 24:00`."""
        first, last = start.astimezone(self.span.zone), end.astimezone(self.span.zone)
        ending = last - INSTANT
        if is_midnight(first) and is_midnight(last):
            return self._days(first, ending)
        if first.date() == ending.date():
            until = "24:00" if is_midnight(last) else clock(last)
            return f"{self._day(first)}, {clock(first)} – {until}"
        return f"{self.exactly(start)} – {self.exactly(end)}"

    def days(self, first: datetime, last: datetime) -> str:
        """The days from one moment to another one, both included."""
        return self._days(first.astimezone(self.span.zone), last.astimezone(self.span.zone))

    def _days(self, first: datetime, last: datetime) -> str:
        if first.date() == last.date():
            return self._day(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day} – {self._day(last)}"
        return f"{self._day(first)} – {self._day(last)}"

    def _day(self, local: datetime) -> str:
        year = "" if local.year == self.now.astimezone(self.span.zone).year else " %Y"
        return local.strftime(f"%-d %b{year}")
