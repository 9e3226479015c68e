"""Whose turn it is, and who asks: claims of meters, and the leases that they are.

The database alone says what is due. A message about a lease that is over (late, repeated, or of a dead
worker) asks nobody.
"""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from teams.models import KeyLimits, Team
from usage.models import Meter, PollBatch
from usage.models.meters.fields import IDENTITY, SCHEDULE
from usage.models.meters.meter import LEASE
from usage.polls.claims import leases
from usage.polls.claims.adoption import adopt_keys
from usage.polls.claims.leases import Claim

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

# So often in vain somebody asks for what others are leasing at that moment.
TRIES = 50


def claim_due(now: datetime, limit: int = 1_000_000) -> list[Claim]:
    """Lease the meters that are due, in batches, whatever else is under way; what `lanes` hands out is less.

    Two callers never get the same meter.
    """
    claimed: list[Claim] = []
    tries = TRIES
    while limit > 0 and tries and (found := leases.waiting(Meter.objects.due(now), each=limit, limit=limit)):
        answered_first = sorted(found, key=lambda each: each.stands_behind)
        mine = leases.lease(leases.batches(answered_first, now), now)
        claimed += mine
        limit -= sum(len(claim.meter_ids) for claim in mine)
        # Others may have leased all of them a moment ago.
        tries -= not mine
    return claimed


def renewal(claim: Claim, now: datetime) -> datetime:
    """Return until when a claim is leased once it is renewed; that is the name of its new lease."""
    # One microsecond keeps the new lease from having the old one's name.
    return max(now + LEASE, claim.until + timedelta(microseconds=1))


def renew(claim: Claim, now: datetime) -> dict[int, Meter]:
    """Begin the lease of a claim anew, for its message may have waited long: until its `renewal`.

    Return the meters that may still be asked, with keys and teams, by their primary keys.
    """
    # What probes a host may not be due.
    askable = Meter.objects.pollable() if claim.is_aside else Meter.objects.ripe(now)
    mine = askable.filter(pk__among=claim.meter_ids, lease_until=claim.until)
    locked = mine.select_related("key").only(*READ).order_by("pk").select_for_update(of=("self",))
    with transaction.atomic():
        meters, until = {meter.pk: meter for meter in locked}, renewal(claim, now)
        Meter.objects.filter(pk__among=meters).update(lease_until=until)
    for meter in meters.values():
        meter.lease_until = until
    prefetch_related_objects(list(meters.values()), "team")
    return meters


def give_back(claim: Claim, *renewed: datetime) -> None:
    """Let go of meters that are not asked, claimed or `renewed` under these names: they are due as before."""
    ours = Meter.objects.filter(lease_until__in=[claim.until, *renewed], pk__among=claim.meter_ids)
    ours.update(lease_until=None)
    PollBatch.objects.filter(lease=claim.until).delete()


def let_go(meters: Collection[Meter]) -> None:
    """Let go of meters that we renewed and did not ask, where they are ours still: they are due as before."""
    if meters:
        leases = {meter.lease_until for meter in meters}
        ours = Meter.objects.filter(pk__among=[meter.pk for meter in meters], lease_until__in=leases)
        ours.update(lease_until=None)


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
