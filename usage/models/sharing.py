"""Two keys that look like one account: the suspicion, its evidence, and what a person said."""

from typing import Self

from django.conf import settings
from django.db import models

from teams.models import Team
from usage.models.meters import Meter


class SharingSuggestionQuerySet(models.QuerySet["SharingSuggestion"]):
    """Answers which keys may share an account."""

    def open(self) -> Self:
        """Return what nobody has decided yet, the best evidence first."""
        return self.filter(state=SharingSuggestion.State.OPEN).order_by("-changes", "pk")

    def for_team(self, team: Team) -> Self:
        """Return the team's suggestions with their meters and keys."""
        return self.filter(team=team).select_related("first__key", "second__key")


class SharingSuggestion(models.Model):
    """`first` and `second` showed the same counters in `changes` + 1 pairs of polls, different each time.

    `evidence` lists the newest pairs: [{first_at, second_at, period_start (ISO), tokens, requests}].
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", "Not decided"
        MERGED = "merged", "Merged"
        DISMISSED = "dismissed", "Dismissed"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="+")
    changes = models.PositiveIntegerField()
    evidence = models.JSONField(default=list)
    noticed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SharingSuggestionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="sharing_suggested_once")]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
