"""In which zone a team's days are written, and how all its sums are made again."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Sum

from teams.models import Team
from usage.books.rollups import rollup
from usage.ledger import SeriesKey
from usage.models import Calendar, Day, Quarter, Series, TeamDay, TeamQuarter

type Zones = Mapping[int, ZoneInfo]


def written_zones(teams: Iterable[Team]) -> Zones:
    """{team id: the zone of its days}; a team without days begins with its own. Teams are locked."""
    known = {team.pk: team for team in teams}
    zones = dict(Calendar.objects.filter(team__in=known).values_list("team_id", "time_zone"))
    new = [Calendar(team=team, time_zone=team.time_zone) for team in known.values() if team.pk not in zones]
    Calendar.objects.bulk_create(new)
    zones.update({calendar.team_id: calendar.time_zone for calendar in new})
    return {team_id: ZoneInfo(name) for team_id, name in zones.items()}


def is_current(team: Team) -> bool:
    """Tell whether the team's days are all of its present zone; asked of the database once a `team`."""
    calendar: Calendar | None = getattr(team, "calendar", None)
    return calendar is not None and calendar.is_complete and calendar.time_zone == team.time_zone


@transaction.atomic
def rewrite(team_id: int) -> None:
    """Make again what sums a team's quarters: days in its present zone, and the team's own rows."""
    team = Team.objects.select_for_update().get(pk=team_id)
    Calendar.objects.update_or_create(team=team, defaults={"time_zone": team.time_zone, "is_complete": True})
    Day.objects.filter(series__in=team_series(team)).delete()
    TeamDay.objects.filter(team=team).delete()
    TeamQuarter.objects.filter(team=team).delete()
    rollup.save_days_of(Quarter.objects.filter(series__meter__team=team), team.zone)
    changes = rollup.TeamChanges()
    for metric, model, number, amount in team_sums(team):
        changes.add(team.pk, SeriesKey(model, metric), number, rollup.local_day(number, team.zone), amount)
    changes.save()
    Team.objects.filter(pk=team_id).update(generation=F("generation") + 1)


def team_series(team: Team) -> list[int]:
    """The primary keys of all series of a team."""
    return list(Series.objects.filter(meter__team=team).values_list("pk", flat=True))


def team_sums(team: Team) -> Iterable[tuple[str, str, int, int]]:
    """(metric, model, quarter, amount) summed over the team's meters."""
    rows = Quarter.objects.filter(series__meter__team=team)
    groups = rows.values_list("series__metric", "series__model", "number")
    return groups.annotate(used=Sum(F("value") - F("opening"))).iterator(chunk_size=10_000)
