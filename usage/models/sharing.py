"""Two keys that look like one account: the suspicion, its evidence, and what a person said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from teams.models import Team
from usage.models.meters.meter import Meter


@dataclass(frozen=True, slots=True)
class Sighting:
    """One counter that both keys showed, and when each of them did."""

    first_at: datetime
    second_at: datetime
    tokens: int
    requests: int | None


class SharingSuggestionQuerySet(models.QuerySet["SharingSuggestion"]):
    """Answers which keys may share an account."""

    def open(self) -> Self:
        """Return what nobody has decided yet, the best evidence first."""
        return self.filter(state=SharingSuggestion.Decision.OPEN).order_by("-changes", "pk")

    def dismissed(self) -> Self:
        """Return the pairs of which somebody said that they are two accounts, the newest word first."""
        return self.filter(state=SharingSuggestion.Decision.KEPT_APART).order_by("-decided_at", "pk")

    def for_team(self, team: Team) -> Self:
        """Return the team's suggestions with their meters and keys."""
        return self.filter(team=team).select_related("first__key", "second__key")

    def about(self, meter: Meter) -> Self:
        """Return the suggestions that name a meter."""
        return self.filter(Q(first=meter) | Q(second=meter))

    def answered(self) -> Self:
        """Return the pairs that are counted as one account by now, whichever suggestion led to it."""
        first = Coalesce("first__merged_into", "first")
        second = Coalesce("second__merged_into", "second")
        return self.annotate(first_root=first, second_root=second).filter(first_root=F("second_root"))


class SharingSuggestion(models.Model):
    """`first` and `second` showed the same counters in `changes` + 1 pairs of polls, different each time.

    `evidence` lists the newest pairs: [{first_at, second_at, period_start (ISO), tokens, requests}].
    """

    class Decision(models.TextChoices):
        """What became of it."""

        OPEN = "open", "Not decided"
        COUNTED_ONCE = "merged", "Counted once"
        KEPT_APART = "dismissed", "Kept apart"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="+")
    changes = models.PositiveIntegerField()
    evidence = models.JSONField(default=list)
    noticed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SharingSuggestionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="sharing_suggested_once")]

    def __str__(self) -> str:
        return f"{self.first.title} and {self.second.title}"

    @property
    def sightings(self) -> list[Sighting]:
        """The evidence, oldest first."""
        return [
            Sighting(
                datetime.fromisoformat(row["first_at"]),
                datetime.fromisoformat(row["second_at"]),
                row["tokens"],
                row["requests"],
            )
            for row in self.evidence
        ]
