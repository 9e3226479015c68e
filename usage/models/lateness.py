"""Whether a meter's polls were missed, and whether its period is over: one rule, asked of rows by queries."""

from datetime import datetime, timedelta

from django.db.models import Case, F, Q, When

from teams.models import Key

# A poll that is not asked for so long after its time counts as missed; claiming and asking take a while.
PUNCTUAL = timedelta(minutes=2)
IN_USE = (Key.Status.ACTIVE, Key.Status.REFUSED)
REFUSED, NO_USAGE = "refused", "no_usage"


def is_watched() -> Q:
    """Whether time without polls is unseen: not where the key is gone or nothing is counted."""
    return Q(key__status__in=IN_USE) & ~Q(status=NO_USAGE)


def is_late(now: datetime) -> Q:
    """Whether a poll was missed: it failed, or nobody asked though it was time."""
    missed = Q(missed_polls__gt=0) | Q(next_poll_at__lt=now - PUNCTUAL)
    return missed | Q(status=REFUSED)


def has_ended() -> Q:
    """Whether the provider goes on telling a period that is over: of the time since nothing is known."""
    return is_watched() & Q(period_end__lte=F("watched_until"), answered_at__gt=F("period_end") + PUNCTUAL)


def told_until() -> Case:
    """Until when a meter was asked with success, told or not what came after its period's end."""
    return Case(When(has_ended(), then=F("answered_at")), default=F("watched_until"))
