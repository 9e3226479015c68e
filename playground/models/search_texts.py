"""What is kept of a run so that it is found again."""

from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models

from playground.models.runs import Run
from teams.models import Team

# A place is the millisecond in which a run was made, and the beginning of its id.
ID_BITS = 21
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def place_of(created_at: datetime, run_id: UUID | None = None) -> int:
    """Return the place of a run, the first of its millisecond where none is named: newer ones are higher."""
    milliseconds = (created_at - EPOCH) // timedelta(milliseconds=1)
    return (milliseconds << ID_BITS) | (run_id.int >> (128 - ID_BITS) if run_id else 0)


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    """Answers what is kept of a team's runs."""

    def for_team(self, team: Team) -> Self:
        """Return the team's, newest first."""
        return self.filter(team=team).order_by("-pk")


class SearchText(models.Model):
    """The words of one run that is over, folded, in a table of their own: the run's row is not written anew.

    The id is the run's place, so that the newest are found first. `terms` are the marks of its words and
    facts, which SQLite has in an FTS5 table beside this one, kept by triggers, and PostgreSQL in a column
    `lexemes` that it makes itself. Django must not make this table anew on SQLite: that drops the triggers.
    """

    id = models.BigIntegerField(primary_key=True)
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="search_text")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    words = models.TextField()
    terms = models.TextField()

    objects = SearchTextQuerySet.as_manager()

    class Meta:
        indexes = [
            # for_team: the newest, which are looked through for parts of words.
            models.Index(fields=["team", "-id"], name="search_text_of_team")
        ]

    def __str__(self) -> str:
        return f"Words of {self.run_id}"
