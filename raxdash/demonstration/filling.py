"""Fill the demonstration, step by step; whatever is there already stays as it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from raxdash.demonstration import catalogue, history, runs, words
from raxdash.demonstration.story import HISTORY, Story
from teams.models import Team


def fill(
    team: Team, length: timedelta = HISTORY, now: datetime | None = None
) -> Iterator[tuple[str, int, int]]:
    """Let everything have happened over some time before now; yield (of what, days done, of how many)."""
    story = Story.of(team, length, now or timezone.now())
    words.describe_keys(story)
    catalogue.fill(story)
    yield from history.fill(story)
    words.set_prices(story)
    words.write_notes(story)
    words.save_views(story)
    words.freeze_page(story)
    words.give_history(story)
    runs.fill(story)
