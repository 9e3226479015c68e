"""Make one meter of two that counted the same account, and two of one again.

Whatever meter counts an account, a raw poll stays with the one whose key was answered. So each can be told
from the others again, as long as none of its polls were deleted.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Min

from teams.models import Team
from usage.books.calendar import written_zones
from usage.books.inserted_knots import change_team, written
from usage.books.refold import refold_all
from usage.ledger import SeriesKey
from usage.ledger.words import moment
from usage.models import Annotation, Knot, Meter, Period, Quarter, RawPoll, Series
from usage.models.meter_fields import FOLDED, RETENTION

LEDGER: tuple[type[models.Model], ...] = (Series, Knot, Annotation, Period)
# What a meter that takes over an account goes on from, beside the ledger.
PLACE = (*RETENTION, "asked_at", "answered_at", "interval_seconds", "limit_share")


def absorb(keeps: Meter, goes: Meter) -> datetime | None:
    """Let `keeps` count what `goes` counted too: its polls are read, its own ledger is gone.

    Return the moment from which `keeps` is to be folded again. The caller has locked their team.
    """
    _forget(goes)
    mine = [goes.pk, *goes.merged.values_list("pk", flat=True)]
    first = first_poll(mine)
    Meter.objects.filter(pk__in=mine).update(merged_into=keeps, lease_until=None)
    return first


def lead(meter: Meter, spare: Meter) -> None:
    """Let one that was merged into a meter count its account from now on. Their team is locked."""
    for model in LEDGER:
        model._default_manager.filter(meter=meter).update(meter=spare)
    taken = {name: getattr(meter, name) for name in (*FOLDED, *PLACE)}
    Meter.objects.filter(merged_into=meter).exclude(pk=spare.pk).update(merged_into=spare)
    Meter.objects.filter(pk=spare.pk).update(**taken, merged_into=None)
    Meter.objects.filter(pk=meter.pk).update(**_no_ledger(), merged_into=spare, lease_until=None)


def release(meter: Meter, teams: Iterable[Team]) -> None:
    """Count a merged meter by itself again: it and the one it was merged into follow from their own polls.

    The caller has locked their team, and asked whether it can be done.
    """
    root, since = meter.root(), first_poll([meter.pk])
    Meter.objects.filter(pk=meter.pk).update(merged_into=None)
    meter.merged_into = None
    if root.pruned_at is None:
        _forget(root)
        since = None
    refold_all([root, meter], teams, since)


def first_poll(meter_ids: Iterable[int]) -> datetime | None:
    """When the first of the readable polls of some meters was, if there is one."""
    first = RawPoll.objects.readable().filter(meter__in=meter_ids).aggregate(first=Min("at"))["first"]
    return moment(first) if first is not None else None


def _forget(meter: Meter) -> None:
    """Take a meter's ledger out of its team's sums, and delete it; raw polls stay."""
    zone = written_zones([meter.team])[meter.team_id]
    lines = {row.pk: SeriesKey(row.model, row.metric) for row in Series.objects.of_meters([meter.pk])}
    change_team(meter, zone, lines, written(Quarter.objects.filter(series_id__in=lines)), {})
    for model in LEDGER:
        model._default_manager.filter(meter=meter).delete()
    # That polls were deleted stays known: such a meter cannot be told from its account again.
    nothing = _no_ledger()
    Meter.objects.filter(pk=meter.pk).update(**nothing)
    for name, value in nothing.items():
        setattr(meter, name, value)


def _no_ledger() -> dict[str, Any]:
    """What a meter holds of its ledger and its limits where it counts nothing."""
    gone = {*FOLDED, "limit_share"}
    return {field.name: field.get_default() for field in Meter._meta.concrete_fields if field.name in gone}
