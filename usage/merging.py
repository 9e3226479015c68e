"""Make one meter of two that counted the same account."""

from datetime import datetime

from django.db.models import Min

from usage.calendar import written_zones
from usage.ledger import Series as Line
from usage.ledger.words import moment
from usage.mending import change_team
from usage.models import Annotation, Knot, Meter, Period, Quarter, RawPoll, Series


def absorb(keeps: Meter, goes: Meter) -> datetime | None:
    """Let `keeps` count what `goes` counted too: its polls are read, its own ledger is gone.

    Return the moment from which `keeps` is to be folded again. The caller has locked their team.
    """
    _forget(goes)
    first = RawPoll.objects.after(goes, None).aggregate(first=Min("at"))["first"]
    mine = [goes.pk, *goes.merged.values_list("pk", flat=True)]
    Meter.objects.filter(pk__in=mine).update(merged_into=keeps, lease_until=None)
    return moment(first) if first is not None else None


def _forget(meter: Meter) -> None:
    """Take a meter's ledger out of its team's sums, and delete it; raw polls stay."""
    zone = written_zones([meter.team])[meter.team_id]
    lines = {row.pk: Line(row.model, row.metric) for row in Series.objects.of_meters([meter.pk])}
    rows = Quarter.objects.filter(series_id__in=lines)
    change_team(
        meter, zone, lines, {(row.series_id, row.number): (row.opening, row.value) for row in rows}, {}
    )
    for model in (Series, Knot, Annotation, Period):
        model._default_manager.filter(meter=meter).delete()
    times = ("watched_from", "watched_until", "period_start", "period_end")
    empty = dict.fromkeys(("state", *times, "period_tokens", "period_requests", "limit_share"))
    nothing = {"unattributed_tokens": 0, "unattributed_requests": 0, "is_exact": True}
    Meter.objects.filter(pk=meter.pk).update(**empty, **nothing, pruned_at=None)
