"""The facts of all of a team's meters, as every page of it asks them: composed once a process.

To compose them each time takes longer than the database takes for the answer.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from common.database.prepared import NOW, TEAM, Prepared
from common.database.together import Reading, ask
from teams.models import Team
from usage.models.meters.facts import Facts
from usage.models.meters.meter import Meter
from usage.models.meters.sums import in_sums


def _of_team() -> Any:
    """The sums of a team that is told when they are asked."""
    return in_sums(Meter.objects.filter(team=TEAM, merged_into=None), NOW, Q(asked_at=None), TEAM)


FACTS = Prepared(_of_team)


def facts_of_team(team: Team, now: datetime, polled_at: datetime | None = None) -> Reading[Facts]:
    """What pages ask of a team's meters; `polled_at` is when "Poll now" was pressed. One step."""
    if polled_at is not None:
        return (yield from Meter.objects.for_team(team).reading_facts(now, polled_at))
    return Facts.of((yield from ask(FACTS.filled({"team": team.pk, "now": now}))))
