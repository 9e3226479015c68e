"""How near keys are to their limits, as the polls last told: asked in the database, for many keys at once."""

from enum import IntEnum

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from common.clock import Instant
from teams.models import Key
from usage.models import Meter
from usage.models.meters.lateness import has_ended, is_late

NEAR = 0.8


class Group(IntEnum):
    """How a key is doing, in the order in which pages show it."""

    LOOK = 0
    FINE = 1
    UNSEEN = 2

    @property
    def label(self) -> str:
        """What it is called."""
        return ("Needs a look", "Fine", "Not seen")[self]


def with_share[Keys: QuerySet[Key]](keys: Keys) -> Keys:
    """Annotate `share`, how much of its nearest limit a key has used, `ends`, when one of them is used up
    before it begins anew, and `told`, when that was said.

    A key of a merged account stands where its account does.
    """
    # Where the server tells no usage, what raxdash ran was looked at when it was asked.
    told = Case(
        When(meter__status=Meter.Status.NO_USAGE, then=F("meter__asked_at")),
        default=_of_account("watched_until"),
    )
    return keys.annotate(
        root=Coalesce("meter__merged_into", "meter"),
        share=_of_account("limit_share"),
        ends=_of_account("runs_out_at"),
        told=told,
    )


def is_near(today: Instant) -> Q:
    """Return the condition of keys `with_share` that have used 80 % of a limit or more, as told `today`:
    since the quota day began.
    """
    return Q(share__gte=NEAR) & _told(today)


def runs_out(today: Instant, now: Instant) -> Q:
    """Return the condition of keys `with_share` that use up a limit before it begins anew, and are seen."""
    return Q(ends__isnull=False) & _told(today) & is_seen(today, now)


def is_seen(today: Instant, now: Instant) -> Q:
    """Return the condition of keys `with_share` whose use of today is told, or counted by raxdash itself."""
    unseen = has_ended() | (is_late(now) & ~Q(status=Meter.Status.NO_USAGE))
    of_key = Meter.objects.filter(pk=OuterRef("root"))
    return _told(today) & ~Q(status=Key.Status.REFUSED) & ~Q(Exists(of_key.filter(unseen)))


def with_group[Keys: QuerySet[Key]](keys: Keys, today: Instant, now: Instant) -> Keys:
    """Annotate keys `with_share` with their `group`, and `soonest`: `ends` where it still says something."""
    look = is_near(today) | runs_out(today, now)
    group = Case(
        When(look, then=Value(Group.LOOK)),
        When(is_seen(today, now), then=Value(Group.FINE)),
        default=Value(Group.UNSEEN),
    )
    soonest = Case(When(runs_out(today, now), then=F("ends")), default=None, output_field=DateTimeField())
    return keys.annotate(group=group, soonest=soonest)


def _told(today: Instant) -> Q:
    # What was told before the quota day says nothing of it.
    return Q(told__gte=today)


def _of_account(name: str) -> Coalesce:
    return Coalesce(f"meter__merged_into__{name}", f"meter__{name}")
