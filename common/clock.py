"""What becomes of instants that a wrong clock wrote down: one rule for every stored deadline and reading.

A clock that was an hour ahead leaves deadlines behind that are an hour away, and readings of what has not
happened yet. Nothing waits for the one, and nobody believes the other.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.expressions import Combinable

# A time that is known, or one that the database is told when it is asked (see common/database/prepared.py).
type Instant = datetime | Combinable

# So far the clocks of an installation's machines may differ, and none of them is wrong.
TOLERANCE = timedelta(seconds=30)


def is_ahead(reading: datetime | None, now: datetime) -> bool:
    """Tell whether something that was written down as happening lies in the future."""
    return reading is not None and reading > now + TOLERANCE


def ahead(field: str, now: Instant) -> Q:
    """Match rows in which something that was written down as happening lies in the future."""
    return Q(**{f"{field}__gt": now + TOLERANCE})


def over(field: str, now: datetime, longest: timedelta) -> Q:
    """Match rows whose deadline has come, or lies further ahead than `longest`, the longest that is given."""
    return Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + longest + TOLERANCE})
