"""What the processes say of themselves."""

from datetime import datetime
from typing import Self

from django.db import models


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Answers whether workers are alive."""

    def beat(self, host: str, now: datetime) -> None:
        """Remember that the worker on `host` did something just now."""
        self.update_or_create(host=host, defaults={"at": now})

    def newest(self) -> datetime | None:
        """Return when any worker was last seen alive."""
        return self.aggregate(newest=models.Max("at"))["newest"]

    def older_than(self, moment: datetime) -> Self:
        """Return the heartbeats of workers that are gone."""
        return self.filter(at__lt=moment)


class Heartbeat(models.Model):
    """When a worker last carried out a task."""

    host = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.host} at {self.at:%H:%M:%S}"
