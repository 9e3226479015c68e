"""Where billing periods begin: there a sum that grows starts again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Q

from teams.models import Team
from usage.explore.query.team_time import BillingPeriod
from usage.ledger.words import microseconds, moment
from usage.models import Period

# A period that began longer ago is not looked for.
LONGEST = timedelta(days=400)
NEVER = 1 << 62


def periods_within(
    team: Team, start: datetime, end: datetime, meters: Collection[int] | None = None, anchor: str = ""
) -> Sequence[BillingPeriod]:
    """The billing periods that have some time in [start, end), oldest first, of some meters, or of the
    account that is the anchor. None where those of several keys lie across each other. One query.
    """
    mine = Period.objects.filter(meter__team=team, meter__merged_into=None, superseded=False)
    if meters is not None:
        mine = mine.filter(meter__in=meters)
    if anchor:
        mine = mine.filter(meter=int(anchor))
    first, last = microseconds(start), microseconds(end)
    told = mine.filter(start__gte=microseconds(start - LONGEST)).as_told().order_by()
    touched = told.filter(Q(ended__gt=first) | Q(ended=None), began__lt=last)
    found = touched.values_list("began", "ended").distinct()
    bounds = sorted((began, ended or NEVER) for began, ended in found)
    if any(before[1] > after[0] for before, after in pairwise(bounds)):
        return ()
    return [BillingPeriod(moment(began), moment(ended) if ended < NEVER else None) for began, ended in bounds]
