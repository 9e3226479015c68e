"""Long jobs: work that takes more than a second, how far it is, and who may go on with it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from common import clock

# A worker that died gives its job back when this is over. Each slice renews it.
LEASE = timedelta(seconds=30)
# After an error: how long to wait before each further try. Then the job has failed.
PATIENCE = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class JobQuerySet(models.QuerySet["Job"]):
    """Answers which jobs there are, and which a worker should go on with."""

    def active(self) -> Self:
        """Return the jobs that are under way or wait for their turn."""
        return self.filter(state=Job.Status.ACTIVE)

    def of(self, scope: str, *kinds: str) -> Self:
        """Return the jobs of a scope (of these kinds, where any are named), the newest first."""
        mine = self.filter(scope=scope).order_by("-pk")
        return mine.filter(kind__in=kinds) if kinds else mine

    def pending(self) -> Self:
        """Return the jobs that have not come to an end yet: active ones, and failed ones, which may go on."""
        return self.filter(state__in=[Job.Status.ACTIVE, Job.Status.FAILED])

    def failed(self) -> Self:
        """Return the jobs that wait for somebody to say "again"."""
        return self.filter(state=Job.Status.FAILED)

    def ended(self) -> Self:
        """Return the jobs that came to an end, and do not go on."""
        return self.filter(state__in=[Job.Status.DONE, Job.Status.CANCELLED])

    def leased(self, now: datetime) -> Self:
        """Return the jobs that a worker is at."""
        return self.active().exclude(_is_free(now))

    def due(self, now: datetime, kinds: Iterable[str]) -> Self:
        """Return the jobs of these kinds that nobody is at, the longest waiting first."""
        is_due = clock.over("due_at", now, max(PATIENCE))
        # A job that moved by a clock that was ahead would have no turn until then.
        moved = Case(When(clock.ahead("moved_at", now), then=Value(LONG_AGO)), default="moved_at")
        in_turn = moved, "pk"
        return self.active().filter(_is_free(now), is_due, kind__in=kinds).order_by(*in_turn)

    def claim(self, job: "Job", now: datetime) -> "Job | None":
        """Lease a job that is due; None where another worker was faster, or where the job ended.

        A lease that ran out is a failure too: its worker died of the slice, or beside it.
        """
        mine = self.due(now, [job.kind]).filter(pk=job.pk)
        lost = Case(When(lease_until=None, then=F("failures")), default=F("failures") + 1)
        return self.get(pk=job.pk) if mine.update(lease_until=now + LEASE, failures=lost) else None

    def move(self, job: "Job", values: Mapping[str, object]) -> bool:
        """Save what a slice did to a job that we lease; False where it ended, or another worker leases it."""
        mine = self.active().filter(pk=job.pk, lease_until=job.lease_until)
        return bool(mine.update(**values))


class Job(models.Model):
    """Work in slices. `arguments` are ids, `place` says where to go on; both are plain JSON of its kind.

    `scope` is a text such as "team:7", which only who wrote it understands. Who asked is plain text too.
    """

    class Status(models.TextChoices):
        """What becomes of a job."""

        ACTIVE = "active", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=40)
    scope = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    place = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    error = models.CharField(max_length=300, blank=True)
    # How often in a row it failed; a slice that succeeds begins anew.
    failures = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=254, blank=True)
    asked_by_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            # Of two who ask at once, one starts it.
            models.UniqueConstraint(
                fields=["kind", "scope"], condition=Q(state="active"), name="job_once_per_kind_and_scope"
            )
        ]
        indexes = [
            models.Index(fields=["state", "moved_at"], name="job_due"),
            models.Index(fields=["scope", "kind"], name="job_of_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.scope}"

    @property
    def is_active(self) -> bool:
        """Tell whether it is under way or waits for its turn."""
        return self.state == self.Status.ACTIVE

    @property
    def is_pending(self) -> bool:
        """Tell whether it has not come to an end yet; a failed job may go on."""
        return self.is_active or self.has_failed

    @property
    def is_done(self) -> bool:
        """Tell whether all of it was done."""
        return self.state == self.Status.DONE

    @property
    def has_failed(self) -> bool:
        """Tell whether it stopped with an error, and waits for somebody to say "again"."""
        return self.state == self.Status.FAILED

    @property
    def percent(self) -> int | None:
        """How much of it is done, 0 to 100; None where nobody can tell."""
        return min(100 * self.done // self.total, 100) if self.total else None

    def end(self, state: str, now: datetime) -> bool:
        """End a job in a state; tell whether it had not come to an end yet."""
        mine = Job.objects.pending().filter(pk=self.pk)
        return bool(mine.update(state=state, ended_at=now, lease_until=None, moved_at=now))

    def resume(self, now: datetime) -> bool:
        """Go on with a failed job at its place; tell whether it had failed."""
        mine = Job.objects.failed().filter(pk=self.pk)
        fresh = {"state": self.Status.ACTIVE, "failures": 0, "due_at": now, "ended_at": None}
        return bool(mine.update(**fresh, lease_until=None))

    def wait(self, until: datetime, error: str) -> None:
        """Put an active job off after an error."""
        mine = Job.objects.active().filter(pk=self.pk, lease_until=self.lease_until)
        mine.update(due_at=until, lease_until=None, error=error, failures=F("failures") + 1)


def _is_free(now: datetime) -> Q:
    return Q(lease_until=None) | clock.over("lease_until", now, LEASE)
