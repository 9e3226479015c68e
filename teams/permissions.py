"""Who may do what: one call that gets a team and allows, or refuses."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, SlugField
from django.http import Http404

from common.database.prepared import USER, Given, PreparedModels
from teams.acts import Act
from teams.http import Request
from teams.models import Membership, Team

SLUG = Given("slug", SlugField())


@PreparedModels
def _membership() -> QuerySet[Membership]:
    """A person's place in a team, with both. Every page asks it."""
    return Membership.objects.select_related("team", "user").filter(
        team__slug=SLUG, team__deleted_at=None, user=USER
    )


@dataclass(frozen=True, slots=True)
class Access:
    """A team, the place in it of the person who asks, and where they ask from."""

    team: Team
    membership: Membership
    ip: str = ""

    def may(self, act: Act) -> bool:
        """Tell whether the person who asks may do this."""
        return self.membership.may(act)

    def require(self, act: Act) -> None:
        """Raise `PermissionDenied`, in words, where the person who asks may not do this."""
        if not self.may(act):
            raise PermissionDenied(f"Only {act.least.label.lower()}s and above may do this.")


def get_access(request: Request, slug: str, act: Act) -> Access:
    """Return the team named `slug` for the person who asks, if they may do this there.

    Outsiders get `Http404`, as if there were no such team; members who may not get `PermissionDenied`.
    The team is remembered as the person's last one, which `/` opens next time.
    """
    membership = _membership.first({SLUG.name: slug, USER.name: request.user.pk})
    if membership is None:
        raise Http404("No such team")
    access = Access(membership.team, membership, request.META.get("REMOTE_ADDR", ""))
    access.require(act)
    remember_team(membership)
    request.membership = membership
    return access


def remember_team(membership: Membership) -> None:
    """Make this the team that `/` opens for the person, where it is not yet."""
    user = membership.user
    if user.last_team_id != membership.team_id:
        user.last_team_id = membership.team_id
        user.save(update_fields=["last_team"])
