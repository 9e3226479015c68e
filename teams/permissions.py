"""Who may do what: one call that gets a team and allows, or refuses."""

from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import PermissionDenied
from django.http import Http404

from teams.http import Request
from teams.models import Membership, Role, Team


class Act(Enum):
    """What can be done in a team, and the least role that may. docs/roles.md shows this table."""

    READ = "See runs, usage, quota, models and keys (never a secret)", Role.VIEWER
    SEE_MEMBERS = "See the members", Role.VIEWER
    LEAVE = "Leave the team", Role.VIEWER
    RUN = "Run prompts, on the keys one may spend on", Role.MEMBER
    POLL = "Ask for the usage now", Role.MEMBER
    MANAGE_KEYS = "Add, change, check and retire keys; say which share an account", Role.ADMIN
    MANAGE_MEMBERS = "Invite and remove members, change their roles", Role.ADMIN
    CHANGE_TEAM = "Change the team's settings", Role.ADMIN
    READ_AUDIT = "Read the audit trail", Role.ADMIN
    MANAGE_OWNERS = "Make somebody an owner; change or remove an owner", Role.OWNER
    DELETE_TEAM = "Delete the team", Role.OWNER

    def __init__(self, words: str, least: Role) -> None:
        self.words, self.least = words, least


@dataclass(frozen=True, slots=True)
class Access:
    """A team, the place in it of the person who asks, and where they ask from."""

    team: Team
    membership: Membership
    ip: str = ""

    def may(self, act: Act) -> bool:
        """Tell whether the person who asks may do this."""
        return self.membership.may(act.least)

    @property
    def role(self) -> Role:
        """The role of the person who asks."""
        return Role(self.membership.role)


def get_access(request: Request, slug: str, least: Role | Act = Act.READ) -> Access:
    """Return the team named `slug` for the person who asks, if their role reaches `least`, or the act's.

    Outsiders get `Http404`, as if there were no such team; members below `least` get `PermissionDenied`.
    The team is remembered as the person's last one, which `/` opens next time.
    """
    least = least.least if isinstance(least, Act) else least
    membership = (
        Membership.objects.select_related("team", "user")
        .filter(team__slug=slug, team__deleted_at=None, user=request.user.pk)
        .first()
    )
    if membership is None:
        raise Http404("No such team")
    if not membership.may(least):
        raise PermissionDenied(f"Only {least.label.lower()}s and above may do this.")
    remember_team(membership)
    request.membership = membership
    return Access(membership.team, membership, request.META.get("REMOTE_ADDR", ""))


def remember_team(membership: Membership) -> None:
    """Make this the team that `/` opens for the person, where it is not yet."""
    user = membership.user
    if user.last_team_id != membership.team_id:
        user.last_team_id = membership.team_id
        user.save(update_fields=["last_team"])
