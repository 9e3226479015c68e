"""A team's life: it is created, changed, and deleted with its text, while its numbers stay."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common.models import Job
from teams import audit, signals
from teams.acts import TeamAct
from teams.changes import change
from teams.jobs import scope_of
from teams.models import Deed, Invitation, Key, Membership, Role, Team, TeamToken, User
from teams.permissions import Access

WHO_MAY_CREATE = {
    "owners": "Only owners of a team may create another one. Ask an owner of yours for one.",
    "nobody": "Teams are created by whoever runs this raxdash. Ask them for one.",
}


def may_create_team(user: User) -> bool:
    """Tell whether this person may create a team, as TEAM_CREATION says."""
    if settings.TEAM_CREATION == "owners":
        owned = Membership.objects.filter(user=user, role=Role.OWNER, team__deleted_at=None)
        return owned.exists()
    return bool(settings.TEAM_CREATION == "everyone")


def require_may_create_team(user: User) -> None:
    """Raise `PermissionDenied`, in words, where this person may create none."""
    if not may_create_team(user):
        raise PermissionDenied(WHO_MAY_CREATE[settings.TEAM_CREATION])


@transaction.atomic
def create_team(user: User, name: str, time_zone: str, ip: str = "") -> Team:
    """Create a team owned by `user`; raises `PermissionDenied` where TEAM_CREATION says so."""
    require_may_create_team(user)
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
        # Nobody is left who could have them go on.
        for job in Job.objects.of(scope_of(team)).failed():
            job.end(Job.Status.CANCELLED, timezone.now())
        Invitation.objects.filter(team=team).delete()
        TeamToken.objects.filter(team=team).delete()
        Membership.objects.filter(team=team).delete()
        Team.objects.filter(pk=team.pk).update(
            deleted_at=timezone.now(), slug=f"{team.slug[:30]}-deleted-{team.pk}"
        )
