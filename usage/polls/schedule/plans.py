"""When a meter is asked after a poll: at its next regular instant, or for a closing poll before it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import Count

from usage.books.answers.answer import Answer
from usage.models import Meter
from usage.polls.schedule import closings
from usage.polls.schedule.closings import End
from usage.polls.schedule.regular import next_regular, offset_of
from usage.quota.day import quota_day

NO_TIME = timedelta(0)


class Plan(NamedTuple):
    """When a meter is handed out; a closing poll waits from then until its own instant."""

    next_poll_at: datetime
    closing_at: datetime | None = None


class Crowds:
    """Which hosts have so many keys that they are not asked all at once; looked up when it matters."""

    @cached_property
    def _keys(self) -> Counter[str]:
        found: Counter[str] = Counter()
        by_url = Meter.objects.pollable().order_by().values_list("base_url").annotate(count=Count("pk"))
        for base_url, count in by_url:
            found[urlsplit(base_url).netloc] += count
        return found

    def place_of(self, meter: Meter) -> timedelta:
        """A meter's own place in the crowd at its host."""
        is_crowded = self._keys[urlsplit(meter.base_url).netloc] > closings.CROWD
        return closings.place(str(meter.key_id)) if is_crowded else NO_TIME


@dataclass(frozen=True, slots=True)
class Asked:
    """A poll that is over: when it was asked and answered, by our clock, which is ahead by `offset`."""

    meter: Meter
    answer: Answer
    started_at: datetime
    ended_at: datetime
    offset: timedelta

    def plan(self, interval: timedelta, crowds: Crowds) -> Plan:
        """The next regular instant, or a closing one that comes before it."""
        regular = next_regular(self.ended_at, interval, offset_of(str(self.meter.key_id), interval))
        return self.no_later_than(self._apart(regular), crowds)

    def no_later_than(self, regular: datetime, crowds: Crowds) -> Plan:
        """This instant, or a closing one that comes before it."""
        then = self.started_at - self.offset
        ends = closings.near(self._ends(), then, regular - self.offset)
        # Who is not about to be closed need not know how many others there are.
        closing = closings.first_after(then, ends, crowds.place_of(self.meter)) if ends else None
        if closing is None or regular < (ahead := closing + self.offset - closings.AHEAD):
            return Plan(regular)
        return Plan(max(self._apart(ahead), self.ended_at), closing + self.offset)

    def _apart(self, at: datetime) -> datetime:
        """A clock that was set back plans the same seconds again: the rest keeps their slots apart."""
        return at.replace(microsecond=self.ended_at.microsecond)

    def _ends(self) -> list[End]:
        meter, answer = self.meter, self.answer
        day = quota_day(self.started_at - self.offset, meter.team.quota_zone)
        if answer.refusal:
            end = meter.period_end
        else:
            goes_on = answer.period_start == meter.period_start
            end = closings.standing_end(answer.ends_at, meter.period_end, goes_on=goes_on)
        return [End(day.start), End(day.end), *([End(end, lingers=True)] if end else [])]
