"""Who may read what with a token: the twin of `teams.permissions.get_access`, for programs."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from teams.acts import Act
from teams.models import TeamToken
from teams.permissions import Access
from teams.tokens.scopes import TokenScope


class TokenRefused(Exception):
    """The token that was sent lets nobody in; `code` names why, its text tells it in a sentence."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class TokenAccess(Access):
    """What a token lets a program do in its team: no more than its maker may there now."""

    token: TeamToken = field(kw_only=True)

    def require_scope(self, scope: TokenScope) -> None:
        """Raise `PermissionDenied`, in words, where the token was not made for this."""
        if scope not in self.token.scopes:
            raise PermissionDenied(f"This token was made without the scope {scope.value}.")


def get_token_access(
    request: HttpRequest, scope: TokenScope, act: Act, count: Callable[[TeamToken], None] = lambda token: None
) -> TokenAccess:
    """Return the team of the token that the request sends as `Authorization: Bearer …`, if it may do this.

    A session counts for nothing here. `count` hears of every request of a token that lets anybody in, also
    of what it may not do, and may raise. Raises `TokenRefused` where the token lets nobody in, and
    `PermissionDenied` where it was not made for this, or its maker may not do it (any more).
    """
    found, now = TeamToken.objects.found_by(sent_token(request)), timezone.now()
    if found is None or found.team.deleted_at is not None:
        raise TokenRefused("token_unknown", "There is no such token.")
    if found.membership is None or found.is_revoked or not found.membership.user.is_active:
        raise TokenRefused("token_revoked", "This token was revoked, or its maker has left the team.")
    if found.has_expired(now):
        raise TokenRefused("token_expired", "This token has expired. Make another one.")
    count(found)
    access = TokenAccess(found.team, found.membership, request.META.get("REMOTE_ADDR", ""), token=found)
    access.require_scope(scope)
    access.require(act)
    found.note_use(now)
    return access


def sent_token(request: HttpRequest) -> str:
    """Return the token of a request's header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenRefused("token_missing", "Send a token of the team as “Authorization: Bearer rxd_…”.")
    return token.strip()
