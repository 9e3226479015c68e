"""How near keys are to their limits, as the polls last told: asked in the database, for many keys at once."""

from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from teams.models import Key, Team
from usage.models import Meter
from usage.quota.day import quota_day

NEAR = 0.8


def with_share[Keys: QuerySet[Key]](keys: Keys) -> Keys:
    """Annotate `share`, how much of its nearest limit a key has used, and `told`, when that was said.

    A key of a merged account stands where its account does.
    """
    share = Coalesce("meter__merged_into__limit_share", "meter__limit_share")
    watched = Coalesce("meter__merged_into__watched_until", "meter__watched_until")
    # Where the server tells no usage, what raxdash ran was looked at when it was asked.
    told = Case(When(meter__status=Meter.Status.NO_USAGE, then=F("meter__asked_at")), default=watched)
    return keys.annotate(share=share, told=told)


def is_near(team: Team, now: datetime) -> Q:
    """Return the condition of keys `with_share` that have used 80 % of a limit or more."""
    # What was told before the quota day says nothing of it.
    return Q(share__gte=NEAR, told__gte=quota_day(now, team.quota_zone).start)
