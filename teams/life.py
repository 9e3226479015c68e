"""A team's life: it is created, changed, and deleted with its text, while its numbers stay."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from teams import audit, signals
from teams.acts import TeamAct
from teams.changes import change
from teams.models import Deed, Invitation, Key, Membership, Role, Team, User
from teams.permissions import Access


@transaction.atomic
def create_team(user: User, name: str, time_zone: str, ip: str = "") -> Team:
    """Create a team owned by `user`."""
    team = Team.objects.create(name=name, slug=Team.free_slug(name), time_zone=time_zone)
    Membership.objects.create(team=team, user=user, role=Role.OWNER)
    audit.record(team, Deed.TEAM_CREATED, by=user, about=team, ip=ip)
    return team


def change_team(access: Access, values: dict[str, Any]) -> None:
    """Save settings of the team. Its address (slug) stays: links go on working."""
    with change(access, TeamAct.CHANGE_TEAM) as actor:
        team = actor.team
        changed = audit.differences({name: getattr(team, name) for name in values}, values)
        if not changed:
            return
        Team.objects.filter(pk=team.pk).update(
            **{name: values[name] for name in changed}, generation=F("generation") + 1
        )
        team.refresh_from_db()
        if "time_zone" in changed:
            signals.zone_changed.send(Team, team=team, by=actor.user)
        audit.record(team, Deed.TEAM_CHANGED, by=actor.user, about=team, ip=access.ip, **changed)


def delete_team(access: Access) -> None:
    """Delete the team: nobody belongs to it, no secret is left, its text is erased and its numbers stay.

    The row itself stays under another slug, for the numbers to hang on.
    """
    with change(access, TeamAct.DELETE_TEAM) as actor:
        team = actor.team
        audit.record(team, Deed.TEAM_DELETED, by=actor.user, about=team, ip=access.ip)
        signals.team_deleted.send(Team, team=team)
        for key in Key.objects.for_team(team):
            key.retire()
        Invitation.objects.filter(team=team).delete()
        Membership.objects.filter(team=team).delete()
        Team.objects.filter(pk=team.pk).update(
            deleted_at=timezone.now(), slug=f"{team.slug[:30]}-deleted-{team.pk}"
        )
