"""What the processes say of themselves."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from common import clock

SILENCE = timedelta(days=1)


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Answers whether workers are alive."""

    def beat(self, host: str, now: datetime) -> None:
        """Remember that the worker on `host` did something just now."""
        self.update_or_create(host=host, defaults={"at": now})

    def newest(self, now: datetime) -> datetime | None:
        """Return when any worker was last seen alive; one of the future says nothing of now."""
        return self.exclude(clock.ahead("at", now)).aggregate(newest=models.Max("at"))["newest"]

    def gone(self, now: datetime) -> Self:
        """Return the heartbeats of workers that have been silent for a day, or whose clock was wrong."""
        return self.filter(Q(at__lt=now - SILENCE) | clock.ahead("at", now))


class Heartbeat(models.Model):
    """When a worker last carried out a task."""

    host = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.host} at {self.at:%H:%M:%S}"
