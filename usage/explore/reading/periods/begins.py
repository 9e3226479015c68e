"""Where billing periods begin: there a sum that grows starts again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise

from django.db.models import Value
from django.db.models.functions import Coalesce

from common.database.together import Reading, ask
from teams.models import Team
from usage.explore.query.team_time import BillingPeriod
from usage.ledger.words import moment
from usage.models import Period

NEVER = 1 << 62


def periods_within(
    team: Team,
    start: datetime,
    end: datetime,
    meters: Collection[int] | None = None,
    anchor: str = "",
    *,
    has_parts: bool = True,
) -> Reading[Sequence[BillingPeriod]]:
    """The billing periods that have some time in [start, end), oldest first, of some meters, or of the
    account that is the anchor. None where those of several keys lie across each other. Where no counter of
    the team began again within a period its parts are not looked for (`has_parts`). One step.
    """
    mine = Period.objects.for_team(team)
    if meters is not None:
        mine = mine.filter(meter_id__among=meters)
    if anchor:
        mine = mine.filter(meter=int(anchor))
    name = Coalesce("meter__key__name", "meter__name") if anchor else Value("")
    touched = mine.touching(start, end, has_parts=has_parts)
    found = yield from ask(touched.values_list("began", "ended", name).distinct())
    bounds = sorted((began, ended or NEVER, of) for began, ended, of in found)
    if any(before[1] > after[0] for before, after in pairwise(bounds)):
        return ()
    return [
        BillingPeriod(moment(began), moment(ended) if ended < NEVER else None, of=of)
        for began, ended, of in bounds
    ]
