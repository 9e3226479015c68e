"""Chores: work that is due now and then, and done once, whoever comes first."""

from datetime import datetime, timedelta

from django.db import models


class ChoreQuerySet(models.QuerySet["Chore"]):
    """Claims chores by conditional updates: two processes that ask at once cannot both get one."""

    def claim(self, name: str, now: datetime, lease: timedelta) -> bool:
        """Take a chore that is due; nobody else gets it within the lease, in which it must be done."""
        self.bulk_create([self.model(name=name, due_at=now)], ignore_conflicts=True)
        return bool(self.filter(name=name, due_at__lte=now).update(due_at=now + lease))

    def done(self, name: str, due_at: datetime) -> None:
        """Say that a chore is done, and when it is due again."""
        self.filter(name=name).update(due_at=due_at)


class Chore(models.Model):
    """When a chore is due. A claim moves that into the future, so one that fails is due again."""

    name = models.CharField(max_length=40, primary_key=True)
    due_at = models.DateTimeField()

    objects = ChoreQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
