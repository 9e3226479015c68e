"""Invitations: a link that lets one person into a team, once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models.people import Team, User
from teams.roles import Role

VALID_FOR = timedelta(days=7)


def hash_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def in_a_week() -> datetime:
    """Return when an invitation made now ends."""
    return timezone.now() + VALID_FOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Answers which invitations can still be accepted."""

    def open(self) -> Self:
        """Return those that nobody used and that have not expired, newest first."""
        return self.filter(used_at=None, expires_at__gt=timezone.now()).order_by("-created_at", "-pk")

    def with_token(self, token: str) -> Self:
        """Return the one this token belongs to, if any."""
        return self.filter(token_hash=hash_of(token))


class Invitation(models.Model):
    """A place in a team for whoever opens the link first; only a hash of its token is kept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices)
    # Where an address is given, only the account of that address may accept.
    email = models.EmailField(blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_a_week)
    used_at = models.DateTimeField(null=True, editable=False)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.email or f"an invitation as {Role(self.role).label.lower()}"

    def renew_token(self) -> str:
        """Give the invitation a new token (not saved yet) and return it, for this one time."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hash_of(token)
        return token

    def take(self, user: User) -> bool:
        """Use the invitation for `user`; tell whether it was still open.

        A conditional update that counts rows: of two people at the same instant one wins.
        """
        open_rows = Invitation.objects.open().filter(pk=self.pk).order_by()
        return bool(open_rows.update(used_at=timezone.now(), used_by=user))
