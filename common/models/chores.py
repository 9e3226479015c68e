"""What is done once in a while, whoever does it."""

from datetime import datetime, timedelta

from django.db import models


class ChoreQuerySet(models.QuerySet["Chore"]):
    """Answers whose turn it is."""

    def is_due(self, name: str, now: datetime) -> bool:
        """Tell whether a chore is to be done; nobody has taken it yet."""
        return not self.filter(name=name, due_at__gt=now).exists()

    def claim(self, name: str, now: datetime, every: timedelta) -> bool:
        """Take a chore if it is due, and put it off; of two callers at once one gets it."""
        self.bulk_create([self.model(name=name, due_at=now)], ignore_conflicts=True)
        return bool(self.filter(name=name, due_at__lte=now).update(due_at=now + every))


class Chore(models.Model):
    """A job for the whole installation, and when it is due again."""

    name = models.CharField(max_length=40, primary_key=True)
    due_at = models.DateTimeField()

    objects = ChoreQuerySet.as_manager()

    class Meta:
        db_table = "usage_chore"

    def __str__(self) -> str:
        return self.name
