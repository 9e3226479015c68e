"""Make one meter of two that counted the same account, and two of one again.

Whatever meter counts an account, a raw poll stays with the one whose key was answered. So each can be told
from the others again, as long as none of its polls were deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Min

from usage.models import Annotation, Knot, Meter, Period, RawPoll, Series, Stretch
from usage.models.meters.fields import FOLDED, RETENTION

LEDGER: tuple[type[models.Model], ...] = (Series, Stretch, Knot, Annotation, Period)
# What a meter that takes over an account goes on from, beside the ledger.
PLACE = (*RETENTION, "asked_at", "answered_at", "interval_seconds", "limit_share", "runs_out_at")


def arrange(accounts: Mapping[int, Sequence[int]], ends: Sequence[int]) -> None:
    """Let each meter of `accounts` count its members' keys from now on; the ledgers of `ends` are gone.

    The caller has locked their team.
    """
    for root, members in accounts.items():
        others = Meter.objects.filter(pk__in=members).exclude(pk=root)
        others.update(merged_into=root, lease_until=None)
        Meter.objects.filter(pk=root).update(merged_into=None)
    # That polls were deleted stays known: such a meter cannot be told from its account again.
    Meter.objects.filter(pk__in=ends).update(**_no_ledger())


def lead(meter: Meter, spare: Meter) -> None:
    """Let one that was merged into a meter count its account from now on. Their team is locked."""
    for model in LEDGER:
        model._default_manager.filter(meter=meter).update(meter=spare)
    taken = {name: getattr(meter, name) for name in (*FOLDED, *PLACE)}
    Meter.objects.filter(merged_into=meter).exclude(pk=spare.pk).update(merged_into=spare)
    Meter.objects.filter(pk=spare.pk).update(**taken, merged_into=None)
    Meter.objects.filter(pk=meter.pk).update(**_no_ledger(), merged_into=spare, lease_until=None)


def first_poll(meter_ids: Iterable[int]) -> int | None:
    """When the first of the readable polls of some meters was (microseconds), if there is one."""
    first: int | None = (
        RawPoll.objects.readable().filter(meter__in=meter_ids).aggregate(first=Min("at"))["first"]
    )
    return first


def _no_ledger() -> dict[str, Any]:
    """What a meter holds of its ledger and its limits where it counts nothing."""
    gone = {*FOLDED, "limit_share", "runs_out_at"}
    return {field.name: field.get_default() for field in Meter._meta.concrete_fields if field.name in gone}
