"""A report as it was: its numbers, word for word, whatever the ledger learns later."""

from typing import Self

from django.conf import settings
from django.db import models

from teams.models import Membership, Team

LONGEST_AUTHOR = 254


class FrozenReportQuerySet(models.QuerySet["FrozenReport"]):
    """Answers which reports a team froze."""

    def for_team(self, team: Team) -> Self:
        """Return the team's frozen reports, newest first."""
        return self.filter(team=team).order_by("-frozen_at", "-pk")

    def pages(self) -> Self:
        """Return those that are pages which somebody froze, with their authors."""
        return self.exclude(author_name="").select_related("author")


class FrozenReport(models.Model):
    """The numbers of a span as they stood when somebody froze them: canonical JSON and its SHA-256.

    `generation` is the team's then: where it is still the same, nothing can have changed. A page of the usage
    that somebody froze has an `author`, whose name stays when they go.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="frozen_reports")
    title = models.CharField(max_length=200)
    frozen_at = models.DateTimeField()
    generation = models.BigIntegerField()
    numbers = models.TextField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    author_name = models.CharField(max_length=LONGEST_AUTHOR, db_default="")

    objects = FrozenReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "frozen_at"], name="frozen_of_team")]

    def __str__(self) -> str:
        return self.title

    @property
    def who(self) -> str:
        """Who froze it, as they are called now; once they have gone, as then."""
        return str(self.author or self.author_name)

    def is_by(self, member: Membership) -> bool:
        """Tell whether a member froze it."""
        return self.author_id is not None and self.author_id == member.user_id
