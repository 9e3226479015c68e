"""Who may do what: one call that gets a team and allows, or refuses."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from teams.http import Request
from teams.models import Membership, Role, Team


@dataclass(frozen=True, slots=True)
class Access:
    """A team and the place in it of the person who asks."""

    team: Team
    membership: Membership

    @property
    def role(self) -> Role:
        """The role of the person who asks."""
        return Role(self.membership.role)


def get_access(request: Request, slug: str, least: Role = Role.VIEWER) -> Access:
    """Return the team named `slug` for the person who asks, if their role reaches `least`.

    Outsiders get `Http404`, as if there were no such team; members below `least` get `PermissionDenied`.
    The team is remembered as the person's last one, which `/` opens next time.
    """
    membership = (
        Membership.objects.select_related("team", "user")
        .filter(team__slug=slug, user=request.user.pk)
        .first()
    )
    if membership is None:
        raise Http404("No such team")
    if not membership.may(least):
        raise PermissionDenied(f"Only {least.label.lower()}s and above may do this.")
    remember_team(membership)
    request.membership = membership
    return Access(membership.team, membership)


def get_team_for_user(request: Request, slug: str, least: Role = Role.VIEWER) -> Team:
    """Return only the team of `get_access`."""
    return get_access(request, slug, least).team


def remember_team(membership: Membership) -> None:
    """Make this the team that `/` opens for the person, where it is not yet."""
    user = membership.user
    if user.last_team_id != membership.team_id:
        user.last_team_id = membership.team_id
        user.save(update_fields=["last_team"])
