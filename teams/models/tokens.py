"""Team tokens: what programs read a team's numbers with; only a hash of each is kept."""

import hashlib
import re
import secrets
import string
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Self

from django.db import models
from django.utils import timezone

from teams.acts import TeamAct
from teams.models.people import Membership, Team, User
from teams.tokens.scopes import TokenScope

BEGINS = "rxd_"
# Letters and digits that nobody takes for another, so that a prefix can be read out.
READABLE = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("il1o0")))
PREFIX_CHARS = 8
SECRET_BYTES = 32
TOKEN = re.compile(rf"({BEGINS}[{READABLE}]{{{PREFIX_CHARS}}})_[0-9a-f]{{{2 * SECRET_BYTES}}}", re.ASCII)
# That a token was used is written down once in so long, not with every request.
LAST_USED_EVERY = timedelta(hours=1)


def hash_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_prefix() -> str:
    """Return the readable part of a new token: `rxd_` and eight letters and digits."""
    return BEGINS + "".join(secrets.choice(READABLE) for _ in range(PREFIX_CHARS))


def prefix_of(token: str) -> str:
    """Return the readable part of a token, by which it is looked up; empty for what is none of ours."""
    found = TOKEN.fullmatch(token)
    return found[1] if found else ""


class TeamTokenQuerySet(models.QuerySet["TeamToken"]):
    """Answers which tokens there are, and whose."""

    def for_team(self, team: Team) -> Self:
        """Return the team's tokens, newest first."""
        return self.filter(team=team).order_by("-created_at", "-pk")

    def seen_by(self, membership: Membership) -> Self:
        """Return those of the member's team that they may see and revoke: their own, or all."""
        mine = self.for_team(membership.team)
        return mine if membership.may(TeamAct.MANAGE_TOKENS) else mine.filter(membership=membership)

    def matching(self, words: str) -> Self:
        """Return those that have `words` in their name, or in their beginning."""
        found = models.Q(name__icontains=words) | models.Q(prefix__icontains=words)
        return self.filter(found) if words else self

    def live(self) -> Self:
        """Return those that let somebody in."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), membership__isnull=False)

    def found_by(self, token: str) -> "TeamToken | None":
        """Return the one that this is, with its team and its maker's place there, whatever its state.

        Two may have the same prefix. The hash is compared in a time that does not depend on it.
        """
        if not (prefix := prefix_of(token)):
            return None
        told, rows = hash_of(token), self.filter(prefix=prefix)
        places = rows.select_related("team", "membership", "membership__user", "membership__team")
        return next((row for row in places if compare_digest(row.token_hash, told)), None)


class TeamToken(models.Model):
    """A token of a team: its readable `prefix`, a hash of the whole, what it may read, and until when.

    Without a `membership` its maker has left the team: it lets nobody in, also when they come back.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="tokens")
    membership = models.ForeignKey(
        Membership, null=True, editable=False, on_delete=models.SET_NULL, related_name="tokens"
    )
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TeamTokenQuerySet.as_manager()

    class Meta:
        # Every request of a program looks one up.
        indexes = [models.Index(fields=["prefix"], name="team_token_by_prefix")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def renew(self) -> str:
        """Give it a new secret (not saved yet) and return the whole token, for this one time."""
        self.prefix = new_prefix()
        token = f"{self.prefix}_{secrets.token_hex(SECRET_BYTES)}"
        self.token_hash = hash_of(token)
        return token

    @property
    def is_revoked(self) -> bool:
        """Tell whether somebody revoked it, or its maker has left the team."""
        return self.revoked_at is not None or self.membership_id is None

    def has_expired(self, now: datetime) -> bool:
        """Tell whether its time is over."""
        return self.expires_at <= now

    @property
    def is_live(self) -> bool:
        """Tell whether it lets somebody in."""
        return not self.is_revoked and not self.has_expired(timezone.now())

    @property
    def scope_labels(self) -> list[str]:
        """What it may read, in words; a scope that is no more is told by its word."""
        return [TokenScope(word).label if word in TokenScope else word for word in self.scopes]

    def note_use(self, now: datetime) -> None:
        """Write down that it was used, where that was not written within the hour."""
        if self.last_used_at is None or self.last_used_at <= now - LAST_USED_EVERY:
            before = models.Q(last_used_at=None) | models.Q(last_used_at__lte=now - LAST_USED_EVERY)
            # Of many requests at once one writes.
            TeamToken.objects.filter(before, pk=self.pk).update(last_used_at=now)

    def revoke(self, user: User) -> bool:
        """Let nobody in with it from now on; tell whether it was still valid."""
        rows = TeamToken.objects.filter(pk=self.pk, revoked_at=None)
        return bool(rows.update(revoked_at=timezone.now(), revoked_by=user))
