"""Team tokens, made without a page."""

from datetime import timedelta

from django.utils import timezone

from teams.models import Membership, Team, TeamToken, User
from teams.tokens.scopes import TokenScope

ALL = tuple(TokenScope)


def make_token(
    team: Team, user: User, *scopes: TokenScope, name: str = "Spreadsheet", days: int = 30
) -> tuple[TeamToken, str]:
    """Save a token of a member, for everything unless scopes are given; return it, and what is sent."""
    place = Membership.objects.get(team=team, user=user)
    made = TeamToken(team=team, membership=place, created_by=user, name=name)
    made.scopes = [scope.value for scope in scopes or ALL]
    made.expires_at = timezone.now() + timedelta(days=days)
    token = made.renew()
    made.save()
    return made, token


def bearer(token: str) -> dict[str, str]:
    """The header that sends it."""
    return {"Authorization": f"Bearer {token}"}
