"""The billing periods of a team around a moment, of however many keys and years."""

from datetime import datetime
from itertools import batched

from django.db.models import OuterRef, Subquery

from teams.models import Team
from usage.explore.selection import BillingPeriod
from usage.ledger.words import microseconds, moment
from usage.models import Meter, Period


def billing_around(team: Team, until: datetime) -> list[BillingPeriod]:
    """The newest period that began before `until` with its neighbours, newest first; those of several keys
    that begin together are one, as long as the longest. One query, which looks up a few periods of each key.
    """
    at = microseconds(until)
    mine = Period.objects.filter(meter=OuterRef("pk"), superseded=False)
    before, after = mine.filter(start__lt=at).order_by("-start"), mine.filter(start__gte=at).order_by("start")
    places = {"newest": before[:1], "second": before[1:2], "next": after[:1]}
    columns = {
        f"{name}_{column}": Subquery(periods.values(column))
        for name, periods in places.items()
        for column in ("start", "end")
    }
    looks = Meter.objects.for_team(team).order_by().values_list(*columns.values()).distinct()
    ends: dict[int, int | None] = {}
    for row in looks:
        for start, end in batched(row, 2, strict=True):
            if start is not None:
                ends[start] = max(filter(None, (end, ends.get(start))), default=None)
    newest_first = sorted(ends, reverse=True)
    later = [start for start in newest_first if start >= at][-1:]
    earlier = [start for start in newest_first if start < at][:2]
    return [BillingPeriod(moment(start), _moment(ends[start])) for start in (*later, *earlier)]


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)
