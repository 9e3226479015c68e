"""Whose turn it is, and who asks: claims of meters, and the leases that they are.

The database alone says what is due. A claim is a lease: a worker that dies gives it back by letting it end.
A message about a lease that is over (late, repeated, or of a dead worker) asks nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from teams.models import KeyLimits, Team
from usage.models import Meter
from usage.models.meter_fields import IDENTITY, SCHEDULE
from usage.models.meters import LEASE
from usage.polls.adoption import adopt_keys
from usage.polls.closings import AHEAD

BATCH = 300

# What questions and outcomes read: not the state, which is most of a meter, nor what else a key has.
LIMITS = tuple(field.name for field in fields(KeyLimits))
READ_OF_KEY = ("base_url", "ciphertext", "encryption_key_id", "status", "plan", *LIMITS)
READ = (
    *IDENTITY,
    *SCHEDULE,
    "period_start",
    "period_end",
    "watched_until",
    *(f"key__{name}" for name in READ_OF_KEY),
)

# A closing poll that was handed out as planned waits no longer for its instant; one that somebody asked for
# before, by "Poll now", is asked at once.
SOON = AHEAD + timedelta(seconds=1)
TOGETHER = timedelta(seconds=0.5)

# What one tick hands out, five seconds before the next: 60,000 meters a minute.
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Claim:
    """Meters that are ours to ask until the lease ends; its end is also its name.

    They are asked at `ask_at`, at once where that is None.
    """

    meter_ids: tuple[int, ...]
    until: datetime
    ask_at: datetime | None = None


def claim_due(now: datetime, limit: int = AT_ONCE) -> list[Claim]:
    """Lease the meters that are due, in batches; two callers never get the same meter."""
    until = now + LEASE
    with transaction.atomic():
        due = Meter.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        found = list(due.values_list("pk", "closing_at")[:limit])
        Meter.objects.filter(pk__among=[pk for pk, _ in found]).update(lease_until=until)
    return [
        Claim(batch, until, ask_at)
        for ask_at, ids in _by_instant(found, now).items()
        for batch in batched(ids, BATCH, strict=False)
    ]


def _by_instant(
    found: Iterable[tuple[int, datetime | None]], now: datetime
) -> dict[datetime | None, list[int]]:
    """{when to ask: meters}, the first instants first, None last: regular polls wait for no closing ones.

    Closing polls of the same half second are asked together at the first of their instants.
    """
    closing = sorted((at, pk) for pk, at in found if at and now < at <= now + SOON)
    batches: dict[datetime | None, list[int]] = {}
    first = None
    for at, pk in closing:
        first = at if first is None or at >= first + TOGETHER else first
        batches.setdefault(first, []).append(pk)
    waiting = {pk for _, pk in closing}
    if regular := [pk for pk, _ in found if pk not in waiting]:
        batches[None] = regular
    return batches


def renew(claim: Claim, now: datetime) -> dict[int, Meter]:
    """Begin the lease of a claim anew, for its message may have waited long.

    Return the meters that may still be asked, with keys and teams, by their primary keys.
    """
    mine = Meter.objects.ripe(now).filter(pk__among=claim.meter_ids, lease_until=claim.until)
    locked = mine.select_related("key").only(*READ).order_by("pk").select_for_update(of=("self",))
    with transaction.atomic():
        meters = {meter.pk: meter for meter in locked}
        # One microsecond keeps the new lease from having the old one's name.
        until = max(now + LEASE, claim.until + timedelta(microseconds=1))
        Meter.objects.filter(pk__among=meters).update(lease_until=until)
    prefetch_related_objects(list(meters.values()), "team")
    return meters


def give_back(claim: Claim) -> None:
    """Let go of meters that were not asked: they are due as before."""
    Meter.objects.filter(lease_until=claim.until, pk__among=claim.meter_ids).update(lease_until=None)


def put_off(meter: Meter, until: datetime, now: datetime, **why: str) -> None:
    """Give a meter back unasked, due at another time; `why` are fields of it that say so."""
    plan = {"next_poll_at": until, "planned_at": now}
    Meter.objects.filter(pk=meter.pk).update(lease_until=None, **plan, **why)


def request_poll(team: Team, now: datetime | None = None) -> int:
    """Make all meters of a team due now ("Poll now"); return how many. The caller nudges the workers."""
    now = now or timezone.now()
    adopt_keys(team, now)
    waiting = Meter.objects.for_team(team).pollable().filter(next_poll_at__gt=now)
    return waiting.update(next_poll_at=now, planned_at=now)
