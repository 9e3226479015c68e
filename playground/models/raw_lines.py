"""What came back for a run, line by line as it came, for as long as its team keeps that."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from playground.models.runs import Run
from teams.models import Team


class RawLinesQuerySet(models.QuerySet["RawLines"]):
    """Answers what is still to be kept."""

    def of(self, run: Run, now: datetime) -> "RawLines | None":
        """Return what is kept of a run; None where nothing is, or its time is over."""
        found = self.filter(run=run.pk)
        if days := run.team.keep_raw_lines_days:
            found = found.filter(made_at__gte=now - timedelta(days=days))
        return found.first()

    def older_than(self, days: int, now: datetime) -> Self:
        """Return those of teams that keep them for so many days, whose time is over."""
        teams = Team.objects.filter(keep_raw_lines_days=days)
        return self.filter(run__team__in=teams, made_at__lt=now - timedelta(days=days))


class RawLines(models.Model):
    """What a server sent for one run, with the time of each read: a `rax.Recording`, without the key.

    In a table of its own: it is many times the size of the run's row, and goes earlier.
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="raw_lines")
    content = models.BinaryField()
    # How many bytes came in all, of which `content` may have the beginning and the end.
    size = models.PositiveBigIntegerField()
    # Whether they were not kept, because the answer told the key in pieces.
    is_withheld = models.BooleanField(default=False)
    # When the run ended.
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = RawLinesQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Raw lines of {self.run_id}"
