"""Files of usage that a worker makes for somebody: what was asked, how far it is, and the file, for a day."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.models import Job
from teams.models import Membership, Team
from usage.models.frozen import FrozenReport

# A file is kept for so long: its numbers can be asked again.
KEPT = timedelta(days=1)


class ExportQuerySet(models.QuerySet["Export"]):
    """Answers which files somebody has, and which are too old."""

    def of_member(self, member: Membership, now: datetime) -> Self:
        """Return a member's own, the newest first, without what is in them; nobody else sees them."""
        mine = self.filter(team=member.team_id, member=member.user_id, created_at__gt=now - KEPT)
        return mine.select_related("job", "frozen").defer("content", "frozen__numbers").order_by("-pk")

    def older(self, member: Membership, now: datetime, most: int) -> Self:
        """Return the files of a member that are there, but for the newest `most`."""
        made = self.of_member(member, now).filter(content__isnull=False)
        return self.filter(pk__in=list(made.values_list("pk", flat=True)[most:]))

    def unfinished(self, team: Team) -> Self:
        """Return those of a team that are being made, or wait for that."""
        return self.filter(team=team, job__state=Job.Status.ACTIVE)

    def expired(self, now: datetime) -> Self:
        """Return those that are kept no longer."""
        return self.filter(created_at__lte=now - KEPT)


class Export(models.Model):
    """A file that a member asked for: part `part` of what `question`, an address, asks; or of the page that
    was `frozen`. Its `content` and `name` are there when its `job` is done.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    question = models.TextField()
    part = models.PositiveIntegerField(default=1)
    frozen = models.ForeignKey(FrozenReport, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team", "member"], name="export_of_member"),
            models.Index(fields=["created_at"], name="export_expired"),
        ]

    def __str__(self) -> str:
        return self.name or self.question

    @property
    def is_done(self) -> bool:
        """Tell whether the file can be taken."""
        return bool(self.name)
