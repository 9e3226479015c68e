"""How a team's meters stand, for its pages: are there numbers, and are they being asked for?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from common.templatetags.times import length
from teams.models import Key, Team
from usage.explore.reading.local import has_local_usage
from usage.models import Facts, Meter
from usage.models.meters import MeterQuerySet

# A page stops waiting for an answer to "Poll now" after this, whatever became of the worker.
PATIENCE = timedelta(seconds=60)
MOST_TROUBLED = 20
# Clocks that differ by more place usage into the wrong minutes, and days.
CLOCKS_MAY_DIFFER_SECONDS = 60


class Availability(StrEnum):
    """What a page of numbers can show."""

    NO_KEY = "no_key"
    WAITING = "waiting"
    UNSEEN = "unseen"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class TeamStatus:
    """The meters of a team at one moment. `troubled` are those whose usage is not seen, `partly_read`
    those of whose answers parts cannot be read, `ended` those whose period is over and of which no newer one
    was told, `fallen` those whose counter fell just now; the first twenty of each.
    """

    facts: Facts
    availability: Availability
    is_asking: bool
    troubled: tuple[Meter, ...]
    partly_read: tuple[Meter, ...]
    ended: tuple[Meter, ...]
    fallen: tuple[Meter, ...]

    @property
    def clock_difference(self) -> str:
        """By how much this server's clock and a provider's differ, in words; empty where that is little."""
        seconds = abs(self.facts.clock_difference)
        return length(seconds) if seconds > CLOCKS_MAY_DIFFER_SECONDS else ""

    @property
    def is_waiting(self) -> bool:
        """Tell whether the page should soon ask again."""
        return self.is_asking or self.availability == Availability.WAITING


def team_status(team: Team, now: datetime, polled_at: datetime | None = None) -> TeamStatus:
    """Look at the team's meters; `polled_at` is when somebody pressed "Poll now". One to five queries."""
    meters = Meter.objects.for_team(team)
    facts = meters.facts(now, polled_at)
    is_recent = polled_at is not None and polled_at <= now < polled_at + PATIENCE
    return TeamStatus(
        facts,
        availability_of(team, facts),
        is_recent and facts.behind > 0,
        troubled=_first(meters.troubled(), facts.troubled),
        partly_read=_first(meters.partly_read(), facts.partly_read),
        ended=_first(meters.ended(), facts.ended),
        fallen=_first(meters.fallen(), facts.fallen),
    )


def _first(meters: MeterQuerySet, count: int) -> tuple[Meter, ...]:
    """The first of so many meters; no query where there are none."""
    return tuple(meters.defer("state")[:MOST_TROUBLED]) if count else ()


def availability_of(team: Team, facts: Facts) -> Availability:
    """What can be shown of such meters; a key without a meter is about to be polled."""
    if facts.told or (facts.unmetered and has_local_usage(team)):
        return Availability.SHOWN
    if facts.expected or Key.objects.for_team(team).usable().filter(meter=None).exists():
        return Availability.WAITING
    return Availability.UNSEEN if facts.count else Availability.NO_KEY


def read_polled(text: str) -> datetime | None:
    """The moment of "Poll now" from the address, in seconds since 1970; None where it cannot be read."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None
