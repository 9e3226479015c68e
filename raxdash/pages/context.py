"""What every page's frame needs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from common import dots, troubles
from common.database.prepared import NOW, TEAM, USER, Prepared
from common.dots import Dot
from common.troubles import Trouble
from teams.acts import TeamAct
from teams.models import Membership, Team
from teams.team.life import may_create_team


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the place and other teams of the person who asks, where a view has found them."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {}
    # Only pages with a frame ask for these, all of them by one query.
    teams = SimpleLazyObject(lambda: _teams_of(membership))
    return {
        "team": membership.team,
        "membership": membership,
        "my_teams": teams,
        "may_create_team": may_create_team(membership.user),
        "may_change_team": membership.may(TeamAct.CHANGE_TEAM),
        "may_make_tokens": membership.may(TeamAct.MAKE_TOKENS),
        "troubles": SimpleLazyObject(lambda: _troubles(membership, teams)),
        "dots": SimpleLazyObject(lambda: _dots(membership, teams)),
    }


@Prepared
def _teams() -> QuerySet[Team, dict[str, Any]]:
    """A person's teams by name; the one that is looked at with what is told about it."""
    columns = troubles.tellers.columns() | dots.tellers.columns()
    teams = Team.objects.for_user(USER).order_by("name")
    return teams.annotate(**columns).values("pk", "name", "slug", *columns)


def _teams_of(membership: Membership) -> list[dict[str, Any]]:
    team, now = membership.team, timezone.now()
    told = troubles.tellers.given(team, now) | dots.tellers.given(team, now)
    return _teams.rows({TEAM.name: team.pk, USER.name: membership.user_id, NOW.name: now} | told)


def _troubles(membership: Membership, teams: Iterable[dict[str, Any]]) -> list[Trouble]:
    """What is wrong, as this person is told."""
    found = troubles.read(_told(membership, teams), timezone.now())
    return found if membership.may(TeamAct.MANAGE_KEYS) else troubles.in_plain_words(found)


def _dots(membership: Membership, teams: Iterable[dict[str, Any]]) -> dict[str, Dot]:
    """Which entries of the menu need a look."""
    return dots.read(_told(membership, teams), timezone.now())


def _told(membership: Membership, teams: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The columns of the team that is looked at: one of the person's, or they left by now."""
    return next((team for team in teams if team["pk"] == membership.team_id), {})
