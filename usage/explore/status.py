"""How a team's meters stand, for its pages: are there numbers, and are they being asked for?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from teams.models import Key, Team
from usage.models import Facts, Meter

# A page stops waiting for an answer to "Poll now" after this, whatever became of the worker.
PATIENCE = timedelta(seconds=60)
MOST_TROUBLED = 20


class State(StrEnum):
    """What a page of numbers can show."""

    NO_KEY = "no_key"
    WAITING = "waiting"
    UNSEEN = "unseen"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Standing:
    """The meters of a team at one moment. `troubled` are those whose usage is not seen, the first twenty."""

    facts: Facts
    state: State
    is_asking: bool
    troubled: tuple[Meter, ...]

    @property
    def is_waiting(self) -> bool:
        """Tell whether the page should soon ask again."""
        return self.is_asking or self.state == State.WAITING


def standing(team: Team, now: datetime, polled_at: datetime | None = None) -> Standing:
    """Look at the team's meters; `polled_at` is when somebody pressed "Poll now". One to three queries."""
    meters = Meter.objects.for_team(team)
    facts = meters.facts(polled_at)
    is_recent = polled_at is not None and polled_at <= now < polled_at + PATIENCE
    troubled = meters.troubled().defer("state")[:MOST_TROUBLED] if facts.troubled else ()
    return Standing(facts, state_of(team, facts), is_recent and facts.behind > 0, tuple(troubled))


def state_of(team: Team, facts: Facts) -> State:
    """What can be shown of such meters; a key without a meter is about to be polled."""
    if facts.told:
        return State.SHOWN
    if facts.polled or Key.objects.for_team(team).usable().filter(meter=None).exists():
        return State.WAITING
    return State.UNSEEN if facts.count else State.NO_KEY


def read_polled(text: str) -> datetime | None:
    """The moment of "Poll now" from the address, in seconds since 1970; None where it cannot be read."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None
