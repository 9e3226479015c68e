"""Questions of the usage page that people keep under a name: for themselves, or for the team."""

import unicodedata
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from teams.models import Membership, Team

LONGEST_NAME = 80
# Letters that are several, written out, are told apart no further.
LONGEST_FOLDED = 200
# For so long a deleted view can be brought back.
UNDO_FOR = timedelta(days=1)

# What is there, and not merely kept for whoever deleted it by mistake.
KEPT = Q(deleted_at=None)
OF_TEAM, OF_PERSON = Q(owner=None), Q(owner__isnull=False)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Answers which views somebody has, and in which order."""

    def kept(self) -> Self:
        """Return those that are not deleted."""
        return self.filter(KEPT)

    def restorable(self, now: datetime) -> Self:
        """Return those that were deleted and can be brought back."""
        return self.filter(deleted_at__gte=now - UNDO_FOR)

    def gone(self, now: datetime) -> Self:
        """Return those that were deleted for good."""
        return self.filter(deleted_at__lt=now - UNDO_FOR)

    def for_member(self, member: Membership) -> Self:
        """Return the team's views, then a member's own, each in its order; deleted ones too."""
        mine = self.filter(team=member.team_id).filter(Q(owner=None) | Q(owner=member.user_id))
        return mine.order_by(models.F("owner").asc(nulls_first=True), "place", "pk")

    def beside(self, view: "SavedView") -> Self:
        """Return the kept ones of the same team or person, in their order."""
        return self.kept().filter(team=view.team_id, owner=view.owner_id).order_by("place", "pk")

    def start_of(self, member: Membership) -> "SavedView | None":
        """The view that the usage page opens with for a member: their own start before the team's."""
        starts = self.for_member(member).kept().filter(is_start=True)
        return starts.order_by(models.F("owner").asc(nulls_last=True)).first()


class SavedView(models.Model):
    """A question by its address, with a name: the team's where there is no `owner`, else private to them.

    `place` is where it stands in the list, `is_start` says that the usage page opens with it. One that was
    deleted is kept for a while, so that this can be undone. Names are told apart as people do:
    `folded_name` knows no capitals.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="saved_views", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    folded_name = models.CharField(max_length=LONGEST_FOLDED)
    query = models.TextField(blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    is_start = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "folded_name"], condition=KEPT & OF_TEAM, name="saved_view_name_once_in_team"
            ),
            models.UniqueConstraint(
                fields=["team", "owner", "folded_name"],
                condition=KEPT & OF_PERSON,
                name="saved_view_name_once_of_person",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=KEPT & OF_TEAM & Q(is_start=True),
                name="saved_view_one_start_in_team",
            ),
            models.UniqueConstraint(
                fields=["team", "owner"],
                condition=KEPT & OF_PERSON & Q(is_start=True),
                name="saved_view_one_start_of_person",
            ),
        ]
        # For the menu of the usage page.
        indexes = [models.Index(fields=["team", "owner", "place"], name="saved_views_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_team(self) -> bool:
        """Tell whether the whole team has it."""
        return self.owner_id is None

    @property
    def address(self) -> str:
        """The query of the usage page that opens it, and says which view it is."""
        return "&".join(filter(None, (self.query, f"saved={self.pk}")))

    def call(self, name: str) -> None:
        """Give it a name."""
        self.name, self.folded_name = name, folded(name)


def folded(name: str) -> str:
    """A name as it is compared: without capitals and ways of writing the same letter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())[:LONGEST_FOLDED]
