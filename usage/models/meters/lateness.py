"""Whether a meter's polls were missed, and whether its period is over: one rule, for rows and for a meter."""

from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import Case, F, Q, When

from common.clock import Instant
from teams.models import Key

# A poll that is not asked for so long after its time counts as missed; claiming and asking take a while.
PUNCTUAL = timedelta(minutes=2)
IN_USE = (Key.Status.ACTIVE, Key.Status.REFUSED)
REFUSED, NO_USAGE = "refused", "no_usage"


class Polled(Protocol):
    """What is asked of a meter."""

    missed_polls: int
    answer_error: str
    next_poll_at: datetime
    status: str
    period_end: datetime | None
    answered_at: datetime | None


def is_watched() -> Q:
    """Whether time without polls is unseen: not where the key is gone or nothing is counted."""
    return Q(key__status__in=IN_USE) & ~Q(status=NO_USAGE)


def has_usable_key() -> Q:
    """Whether the key is one of `Key.objects.usable()`: asked of the row that is joined, since a subquery
    would read the keys of all teams.
    """
    return Q(key__status=Key.Status.ACTIVE) & ~Q(key__ciphertext=b"")


def is_late(now: Instant) -> Q:
    """Whether a poll was missed: it failed, told nothing that counts, or nobody asked though it was time."""
    missed = Q(missed_polls__gt=0) | ~Q(answer_error="") | Q(next_poll_at__lt=now - PUNCTUAL)
    return missed | Q(status=REFUSED)


def meter_is_late(meter: Polled, now: datetime) -> bool:
    """The same of one meter."""
    missed = meter.missed_polls > 0 or bool(meter.answer_error) or meter.next_poll_at < now - PUNCTUAL
    return missed or meter.status == REFUSED


def has_ended() -> Q:
    """Whether the provider goes on telling a period that is over: of the time since nothing is known."""
    over = is_watched() & Q(period_end__lte=F("watched_until"))
    return over & Q(answered_at__gt=F("period_end") + PUNCTUAL)


def meter_has_ended(meter: Polled) -> bool:
    """The same of one meter."""
    end, asked = meter.period_end, meter.answered_at
    return end is not None and asked is not None and asked > end + PUNCTUAL


def told_until() -> Case:
    """Until when a meter was asked with success, told or not what came after its period's end."""
    return Case(When(has_ended(), then=F("answered_at")), default=F("watched_until"))
