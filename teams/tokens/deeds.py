"""Make tokens and revoke them; both are in the audit trail, no token is."""

from collections.abc import Sequence
from datetime import timedelta

from django.shortcuts import get_object_or_404
from django.utils import timezone

from teams import audit
from teams.acts import TeamAct
from teams.changes import Refused, change
from teams.models import Deed, TeamToken
from teams.permissions import Access
from teams.tokens.scopes import TokenScope

MOST_LIVE = 50


def make(access: Access, name: str, scopes: Sequence[TokenScope], days: int) -> str:
    """Save a token that may read these things for so many days; return it, which is never possible again."""
    with change(access, TeamAct.MAKE_TOKENS) as actor:
        if TeamToken.objects.live().filter(team=actor.team).count() >= MOST_LIVE:
            raise Refused(f"A team has at most {MOST_LIVE} tokens at once. Revoke one that nobody uses.")
        made = TeamToken(team=actor.team, membership=actor, created_by=actor.user, name=name)
        made.scopes = [scope.value for scope in scopes]
        made.expires_at = timezone.now() + timedelta(days=days)
        token = made.renew()
        made.save()
        told = {"may_read": [scope.label for scope in scopes], "for": f"{days} days"}
        audit.record(actor.team, Deed.TOKEN_MADE, by=actor.user, about=made, ip=access.ip, **told)
    return token


def revoke(access: Access, token_id: int) -> TeamToken:
    """Revoke one of the tokens that the person may see; one that is revoked already stays as it is."""
    with change(access, TeamAct.MAKE_TOKENS) as actor:
        token = get_object_or_404(TeamToken.objects.seen_by(actor), pk=token_id)
        if token.revoke(actor.user):
            audit.record(actor.team, Deed.TOKEN_REVOKED, by=actor.user, about=token, ip=access.ip)
    return token
