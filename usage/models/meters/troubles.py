"""What is the matter with a meter, as conditions on rows: unseen, misread, or fallen."""

from django.db.models import Q

from usage.models.meters.lateness import IN_USE

ACTIVE = "active"
# Missed polls after which the usage of a meter counts as not seen.
BLIND_AFTER = 3


def is_troubled() -> Q:
    """Whether a key is in use and its usage is not told."""
    unseen = ~Q(status=ACTIVE) | Q(missed_polls__gte=BLIND_AFTER) | ~Q(answer_error="")
    return unseen & Q(key__status__in=IN_USE)


def is_partly_read() -> Q:
    """Whether the newest answer counts, but for parts that cannot be read."""
    return Q(key__status__in=IN_USE) & ~Q(unread_parts="") & ~is_troubled()


def has_fallen() -> Q:
    """Whether the counter fell, while it is waited whether that stays."""
    return Q(key__status__in=IN_USE, fallen_tokens__gt=0)
