"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest

from teams.acts import TeamAct
from teams.life import may_create_team
from teams.models import Membership, Team


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the place and other teams of the person who asks, where a view has found them."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {}
    teams = Team.objects.for_user(membership.user).order_by("name").only("name", "slug")
    return {
        "team": membership.team,
        "membership": membership,
        "my_teams": teams,
        "may_create_team": may_create_team(membership.user),
        "may_change_team": membership.may(TeamAct.CHANGE_TEAM),
    }
