"""What follows here from what happens to a team."""

from typing import Any

from teams import signals
from teams.models import Team, User
from usage.books import zone_change


def connect() -> None:
    """Hear of teams."""
    signals.zone_changed.connect(write_days_anew)


def write_days_anew(team: Team, by: User, **_: Any) -> None:
    """Let a long job write the team's days in its new zone."""
    zone_change.start(team, by=str(by), by_id=by.pk)
