"""What somebody with power did, kept for whoever asks later."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone

from teams.models.people import Team, User


class Deed(models.TextChoices):
    """What was done in this app, in words that follow a person's name; other apps have deeds of their own."""

    TEAM_CREATED = "team.created", "created the team"
    TEAM_CHANGED = "team.changed", "changed the team"
    TEAM_DELETED = "team.deleted", "deleted the team"
    MEMBER_INVITED = "member.invited", "invited"
    INVITATION_REVOKED = "invitation.revoked", "withdrew the invitation of"
    MEMBER_JOINED = "member.joined", "joined the team"
    MEMBER_LEFT = "member.left", "left the team"
    MEMBER_REMOVED = "member.removed", "removed"
    ROLE_CHANGED = "member.role_changed", "changed the role of"
    KEY_ADDED = "key.added", "added the key"
    KEY_CHANGED = "key.changed", "changed the key"
    KEY_SECRET_REPLACED = "key.secret_replaced", "replaced the secret of"
    KEY_CHECKED = "key.checked", "checked the key"
    KEY_RETIRED = "key.retired", "retired the key"
    TOKEN_MADE = "token.made", "made the team token"
    TOKEN_REVOKED = "token.revoked", "revoked the team token"
    JOB_CANCELLED = "job.cancelled", "cancelled long work"
    JOB_TRIED_AGAIN = "job.tried_again", "let long work go on"


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Answers who did what, and when."""

    def for_team(self, team: Team) -> Self:
        """Return the team's entries, newest first."""
        return self.filter(team=team).order_by("-at", "-pk")

    def since(self, start: datetime | None) -> Self:
        """Return what was done at or after `start`; None is no bound."""
        return self.filter(at__gte=start) if start else self


class AuditEntry(models.Model):
    """One deed: who, what, on what, when, from where. Never changed, and without secrets.

    Names are kept as they were then: the account or the object may be gone.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="audit_entries")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=254)
    deed = models.CharField(max_length=40)
    words = models.CharField(max_length=120)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    object_label = models.CharField(max_length=254, blank=True)
    details = models.JSONField(default=dict, blank=True)
    ip = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=timezone.now)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "-at", "-id"], name="audit_of_team_newest_first")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.words} {self.object_label}".strip()

    def readable_details(self) -> list[tuple[str, str]]:
        """Return the details as a page shows them: a change as "before → after"."""
        return [
            (name.replace("_", " ").capitalize(), readable(value)) for name, value in self.details.items()
        ]


def readable(value: Any) -> str:
    """Return a detail in words; a pair is what was before and what is after."""
    if isinstance(value, list) and len(value) == 2:
        return " → ".join(map(plain, value))
    return plain(value)


def plain(value: Any) -> str:
    """Return a JSON value in words."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "—" if value in (None, "") else str(value)
