"""Which keys are asked: each key in use has a meter at its address, which asks with a key that can be asked.

Beat nudges this beside the tick, which does nothing but claim. `teams` tells nobody of a new key: it is found
here because it has no meter. Teams have their turns; one whose turn fails leaves the others polled.
"""

from datetime import datetime
from itertools import batched

from django.db.models import QuerySet

from common.guard import guarded
from teams.models import Key, Team
from usage.accounts import sharing, succession
from usage.models import Meter
from usage.models.hosts import host_of

# So many meters are made in one transaction: others write in between.
AT_ONCE = 500


def adopt_all(now: datetime) -> int:
    """Adopt the keys of every team; return how many meters are due that were not."""
    succession.detach_moved(now)
    sharing.hand_over()
    waiting = {*_new_keys().values_list("team", flat=True), *_mended().values_list("team", flat=True)}
    found = 0
    for team_id in sorted(waiting):
        with guarded("Adopting the keys of team", team_id):
            found += _adopt(team_id, now)
    return found


def adopt_keys(team: Team, now: datetime) -> int:
    """Give each new key of a team a meter that is due at once; take up refused keys that are usable again."""
    succession.detach_moved(now, team)
    sharing.hand_over(team)
    return _adopt(team.pk, now)


def _adopt(team_id: int, now: datetime) -> int:
    plan = {"next_poll_at": now, "planned_at": now}
    new = [
        Meter(
            team_id=team_id, key=key, name=key.name, base_url=key.base_url, host=host_of(key.base_url), **plan
        )
        for key in _new_keys().filter(team=team_id)
    ]
    for some in batched(new, AT_ONCE, strict=False):
        Meter.objects.bulk_create(some, ignore_conflicts=True)
    refused = _mended().filter(team=team_id)
    taken_up = refused.update(status=Meter.Status.ACTIVE, status_reason="", failures=0, **plan)
    return len(new) + taken_up


def _new_keys() -> QuerySet[Key]:
    return Key.objects.usable().filter(meter=None)


def _mended() -> QuerySet[Meter]:
    """The refused meters whose keys can be asked again."""
    return Meter.objects.filter(status=Meter.Status.REFUSED, key__in=Key.objects.usable())
