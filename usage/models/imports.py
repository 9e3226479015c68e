"""Imports of history: a file, or days that the provider was asked for; shown before, taken in, taken back."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from teams.models import Team
from usage.models.meters.meter import Meter
from usage.models.told_days import ToldDay

LONGEST_NAME = 200


class ImportQuerySet(models.QuerySet["Import"]):
    """Answers what a team imported."""

    def for_team(self, team: Team) -> Self:
        """Return the team's imports, newest first."""
        return self.filter(team=team).select_related("author").order_by("-pk")

    def under_way(self) -> Self:
        """Return those that a long job is at."""
        return self.filter(state__in=Import.UNDER_WAY)


class Import(models.Model):
    """Days that came together, in one of the states of their way into the numbers and out of them.

    `options` say what was asked (plain JSON, see usage/imports), `faults` why the file cannot be read and
    `effect` what the days change: before they are taken in what they would, afterwards what they did.
    """

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading", "Being read"
        FAULTY = "faulty", "Cannot be imported"
        READY = "ready", "Waits for your word"
        TAKING = "taking", "Being imported"
        TAKEN = "taken", "Imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        DISCARDING = "discarding", "Being discarded"

    UNDER_WAY = (State.READING, State.TAKING, State.UNDOING, State.DISCARDING)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="imports")
    source = models.CharField(max_length=10, choices=ToldDay.Source.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    options = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    effect = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    author_name = models.CharField(max_length=254)
    # Of days that overlap, those of the import that was begun last count.
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or self.get_source_display()

    @property
    def who(self) -> str:
        """Who began it, as they are called now; once they have gone, as then."""
        return str(self.author or self.author_name)

    @property
    def is_under_way(self) -> bool:
        """Tell whether a long job is at it."""
        return self.state in self.UNDER_WAY

    @property
    def is_ready(self) -> bool:
        """Tell whether it can be taken in."""
        return self.state == self.State.READY

    @property
    def is_taken(self) -> bool:
        """Tell whether its days are in the numbers."""
        return self.state == self.State.TAKEN

    @property
    def is_faulty(self) -> bool:
        """Tell whether nothing of it can be taken in."""
        return self.state == self.State.FAULTY

    @property
    def can_be_discarded(self) -> bool:
        """Tell whether it can be thrown away: none of its days counts."""
        return self.state in (self.State.READY, self.State.FAULTY)

    def move(self, before: str, after: str, **values: Any) -> bool:
        """Go from one state to another; tell whether it was in the first: of two who ask, one does it."""
        mine = Import.objects.filter(pk=self.pk, state=before)
        return bool(mine.update(state=after, **values))


class ImportFile(models.Model):
    """A file as it was sent, compressed, until it was read."""

    of = models.OneToOneField(Import, primary_key=True, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.of)


class DateRangeAnswer(models.Model):
    """Whether the server of a meter's key honours dates, as it showed when it was first asked for a day."""

    meter = models.OneToOneField(
        Meter, primary_key=True, on_delete=models.CASCADE, related_name="date_ranges"
    )
    is_honoured = models.BooleanField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.meter_id}: {'honoured' if self.is_honoured else 'not honoured'}"
