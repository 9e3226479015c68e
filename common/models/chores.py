"""What is done once in a while, whoever does it."""

from datetime import datetime, timedelta

from django.db import models

from common import clock


class ChoreQuerySet(models.QuerySet["Chore"]):
    """Answers whose turn it is."""

    def is_due(self, name: str, now: datetime, every: timedelta) -> bool:
        """Tell whether a chore that is put off for so long at most is to be done; nobody took it yet."""
        return not self.filter(name=name).exclude(clock.over("due_at", now, every)).exists()

    def claim(self, name: str, now: datetime, every: timedelta, longest: timedelta | None = None) -> bool:
        """Take a chore if it is due, and put it off; of two callers at once one gets it.

        `longest` says for how long it may have been put off, where that is longer.
        """
        self.bulk_create([self.model(name=name, due_at=now)], ignore_conflicts=True)
        is_due = clock.over("due_at", now, longest or every)
        return bool(self.filter(is_due, name=name).update(due_at=now + every))


class Chore(models.Model):
    """A job for the whole installation, and when it is due again."""

    name = models.CharField(max_length=40, primary_key=True)
    due_at = models.DateTimeField()

    objects = ChoreQuerySet.as_manager()

    class Meta:
        db_table = "usage_chore"

    def __str__(self) -> str:
        return self.name
