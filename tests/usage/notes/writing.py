"""Notes as rows, for tests that need one."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from teams.models import Team, User
from usage.models import Note
from usage.notes.content import Content

BLACK_FRIDAY = date(2026, 11, 27)
AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


def make_note(
    team: Team,
    author: User | None,
    text: str = "Black Friday mailing.",
    first: date = BLACK_FRIDAY,
    last: date | None = None,
) -> Note:
    """Save a note of whole days."""
    content = Content.of_days(text, first, last or first, ZoneInfo(team.time_zone))
    name = str(author or "Somebody who left")
    return Note.objects.create(team=team, author=author, author_name=name, **content.as_fields())


def make_timed_note(
    team: Team, author: User, starts_at: datetime = AT, ends_at: datetime | None = None
) -> Note:
    """Save a note of a moment, or of a span of time."""
    content = Content("Load test.", starts_at, ends_at or starts_at)
    return Note.objects.create(team=team, author=author, author_name=str(author), **content.as_fields())
