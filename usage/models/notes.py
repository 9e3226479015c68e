"""What people wrote at a time of the usage chart, for the whole team."""

from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from teams.models import Membership, Team
from usage.ledger.grid import day_start
from usage.ledger.words import moment

LONGEST_TEXT = 500


class NoteQuerySet(models.QuerySet["Note"]):
    """Answers what was written of a time."""

    def for_team(self, team: Team) -> Self:
        """Return the team's notes with their authors, the newest time first."""
        return self.filter(team=team).select_related("author").order_by("-starts_at", "-pk")

    def touching(self, start: datetime, end: datetime) -> Self:
        """Return the notes of [start, end) or of a part of it."""
        return self.filter(Q(ends_at__gt=start) | Q(starts_at__gte=start), starts_at__lt=end)

    def move_days(self, team: Team) -> None:
        """Let notes of whole days be of the same days in the zone that the team has now."""
        mine = self.filter(team=team)
        for first, last in mine.order_by().values_list("first_day", "last_day").distinct():
            if first and last:
                starts_at, ends_at = instants_of(first, last, team.zone)
                mine.filter(first_day=first, last_day=last).update(starts_at=starts_at, ends_at=ends_at)


class Note(models.Model):
    """A text of one member about [starts_at, ends_at): about a moment where both are the same.

    A note of whole days keeps them, `first_day` to `last_day`, and its instants follow the team's zone. Who
    wrote it is named also when their account is gone.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="usage_notes", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=254)
    text = models.CharField(max_length=LONGEST_TEXT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    written_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="note_ends_after_start"),
            models.CheckConstraint(
                condition=Q(first_day=None, last_day=None)
                | Q(first_day__isnull=False, last_day__isnull=False, last_day__gte=F("first_day")),
                name="note_days_are_both_or_none",
            ),
        ]
        # For the notes of a span, and the list of all.
        indexes = [models.Index(fields=["team", "starts_at"], name="note_of_team")]

    def __str__(self) -> str:
        return self.text

    @property
    def who(self) -> str:
        """Who wrote it, as they are called now; as they were called then where the account is gone."""
        return str(self.author or self.author_name)

    @property
    def is_of_days(self) -> bool:
        """Tell whether it is about whole days."""
        return self.first_day is not None

    def is_by(self, member: Membership) -> bool:
        """Tell whether a member wrote it."""
        return self.author_id is not None and self.author_id == member.user_id


def instants_of(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open span of local days, both included."""
    return moment(day_start(first, zone)), moment(day_start(last + timedelta(days=1), zone))
