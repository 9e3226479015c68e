"""A conversation: the runs that go on from one another."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models import Team

TITLE_CHARS = 80


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Answers which conversations a team has."""

    def for_team(self, team: Team) -> Self:
        """Return the team's conversations."""
        return self.filter(team=team)


class Conversation(models.Model):
    """Turns of one author with a model; the team may read them, only the author goes on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="conversations")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    title = models.CharField(max_length=TITLE_CHARS, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConversationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title or "Conversation"

    @staticmethod
    def title_of(message: str) -> str:
        """Return the first words of a message, for lists and page titles."""
        words = " ".join(message[: TITLE_CHARS * 4].split())
        return words if len(words) <= TITLE_CHARS else words[: TITLE_CHARS - 1].rstrip() + "…"
