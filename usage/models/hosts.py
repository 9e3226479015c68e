"""The hosts of providers that give trouble, and the batches of polls that are under way."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q

from common import clock

PORTS = {"http": 80, "https": 443}

# A batch that nobody was seen at for so long has lost its worker, or waits: its place is another one's.
UNSEEN = timedelta(seconds=10)


def host_of(base_url: str) -> str:
    """Return scheme, host and port of an address: `https://api.example.com`, or `http://10.0.0.7:8080`."""
    parts = urlsplit(base_url)
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = "" if parts.port in {None, PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{name}{port}" if name else ""


class HostQuerySet(models.QuerySet["Host"]):
    """Answers which hosts are not asked as others are."""

    def failing(self) -> Self:
        """Return the hosts that are only probed: their last batch failed for all."""
        return self.exclude(failing_since=None)

    def down(self) -> Self:
        """Return the failing hosts of which a probe has failed too."""
        return self.failing().filter(failures__gt=1)

    def slow(self) -> Self:
        """Return the hosts that answer, but take long."""
        return self.filter(failing_since=None).exclude(slow_since=None)

    def to_probe(self, now: datetime, longest: timedelta) -> Self:
        """Return the failing hosts whose next probe is due, which is never further away than `longest`."""
        return self.failing().filter(clock.over("probe_at", now, longest)).order_by("probe_at")


class Host(models.Model):
    """A host that failed for all, or is slow: the breaker that all workers share. Others have no row.

    It fails since `failing_since`, is probed at `probe_at`, and failed `failures` times in a row; one failure
    is a suspicion. `back_at` is when the last trouble that lasted ended, which began at `down_since`.
    """

    address = models.CharField(max_length=300, unique=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    probe_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    slow_since = models.DateTimeField(null=True)
    down_since = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)

    objects = HostQuerySet.as_manager()

    def __str__(self) -> str:
        return self.address


class PollBatchQuerySet(models.QuerySet["PollBatch"]):
    """Answers how much is under way."""

    def lost(self, now: datetime) -> Self:
        """Return the batches that take no place any more."""
        return self.filter(Q(seen_at__lt=now - UNSEEN) | clock.ahead("seen_at", now))

    def see(self, leases: Iterable[datetime], now: datetime) -> None:
        """Say that somebody is at the batches with these leases."""
        self.filter(lease__in=leases).update(seen_at=now)


class PollBatch(models.Model):
    """Meters that were handed to the workers and are not all asked yet; `lease` is the name of their claim.

    `host` is the one that all of them ask, empty where there are several; those `aside` take no place of
    regular polls.
    """

    lease = models.DateTimeField()
    host = models.CharField(max_length=300, blank=True)
    is_aside = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    objects = PollBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "poll batches"

    def __str__(self) -> str:
        return f"{self.host or 'several hosts'} since {self.seen_at:%H:%M:%S}"
