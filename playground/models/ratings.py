"""What people think of a run."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from playground.models.runs import Run

NOTE_CHARS = 2_000


class Rating(models.Model):
    """The team's word on one run, and who said it last. It goes with the words that it is about."""

    class Verdict(models.TextChoices):
        """How an answer was found."""

        UP = "up", "Good"
        DOWN = "down", "Bad"

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="rating")
    verdict = models.CharField(max_length=4, choices=Verdict, blank=True)
    note = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["", "up", "down"]), name="rating_verdict_is_known"
            ),
            models.CheckConstraint(condition=~Q(verdict="", note=""), name="rating_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict or 'Note'} on {self.run_id}"

    @property
    def stamp(self) -> str:
        """What tells it from those before and after it."""
        return self.changed_at.isoformat()
