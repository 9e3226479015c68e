"""When what happens in the demonstration, counted from the UTC day on which it began."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from rax.simulator.demo import new_since, old_until
from teams.models import Team

HISTORY = timedelta(days=90)
# A working day on which nobody polled, three weeks before the history was made.
GAP_DAYS_AGO, GAP_FROM, GAP_UNTIL = 20, 6, 17


@dataclass(frozen=True, slots=True)
class Story:
    """A team whose history reaches from `start` to `now`, and the `day` on which the demonstration began."""

    team: Team
    start: datetime
    now: datetime
    day: date

    @classmethod
    def of(cls, team: Team, history: timedelta, now: datetime) -> "Story":
        """The story of a team that was created when the demonstration began."""
        start = (now - history).replace(minute=0, second=0, microsecond=0)
        return cls(team, start, now, min(team.created_at, now).astimezone(UTC).date())

    @property
    def new_since(self) -> datetime:
        """When the new model came."""
        return new_since(self.day)

    @property
    def old_until(self) -> datetime:
        """When the old model went."""
        return old_until(self.day)

    @property
    def gap(self) -> tuple[datetime, datetime]:
        """From when until when nobody was polling."""
        day = (self.now - timedelta(days=GAP_DAYS_AGO)).replace(minute=0, second=0, microsecond=0)
        return day.replace(hour=GAP_FROM), day.replace(hour=GAP_UNTIL)

    def at(self, days_ago: int, clock: time = time(0)) -> datetime:
        """A time of some day before the one on which the demonstration began."""
        return datetime.combine(self.day_ago(days_ago), clock, UTC)

    def day_ago(self, days_ago: int) -> date:
        """The day so many days before the one on which the demonstration began."""
        return self.day - timedelta(days=days_ago)

    def holds(self, at: datetime) -> bool:
        """Tell whether the history reaches so far back."""
        return self.start <= at < self.now
