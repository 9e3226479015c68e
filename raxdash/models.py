"""What the processes say of themselves."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from common import clock

# Workers say every fifteen seconds that they live; one that is silent for so long does not.
SILENT_AFTER = timedelta(seconds=90)
FORGOTTEN_AFTER = timedelta(days=1)


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Answers whether workers are alive."""

    def beat(self, host: str, now: datetime, places: int = 1) -> None:
        """Remember that the worker on `host` lives, with so many places in its pool.

        The first one after a silence of all workers remembers that too, for whoever asks what was wrong.
        """
        values: dict[str, object] = {"at": now, "places": places}
        before = self.newest(now)
        if before is not None and now - before > SILENT_AFTER:
            values |= {"silent_since": before, "back_at": now}
        self.update_or_create(host=host, defaults=values)

    def places(self, now: datetime) -> int:
        """Return how many tasks the workers that live can do at once."""
        alive = self.filter(at__gt=now - SILENT_AFTER)
        return alive.aggregate(places=models.Sum("places"))["places"] or 0

    def newest(self, now: datetime) -> datetime | None:
        """Return when any worker was last seen alive; one of the future says nothing of now."""
        return self.exclude(clock.ahead("at", now)).aggregate(newest=models.Max("at"))["newest"]

    def gone(self, now: datetime) -> Self:
        """Return the heartbeats of workers that have been silent for a day, or whose clock was wrong."""
        return self.filter(Q(at__lt=now - FORGOTTEN_AFTER) | clock.ahead("at", now))


class Heartbeat(models.Model):
    """When the worker of a host last said that it lives, and over which time none did before it came back."""

    host = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()
    places = models.PositiveSmallIntegerField(default=1, db_default=1)
    silent_since = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.host} at {self.at:%H:%M:%S}"
