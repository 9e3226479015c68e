"""How a team's meters stand, for its pages: are there numbers, and are they being asked for?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from teams.models import Key, Team
from usage.models import Meter

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

    meters: tuple[Meter, ...]
    state: State
    is_asking: bool
    troubled: tuple[Meter, ...]

    @property
    def is_waiting(self) -> bool:
        """Tell whether the page should soon ask again."""
        return self.is_asking or self.state == State.WAITING


def standing(team: Team, now: datetime, polled_at: datetime | None = None) -> Standing:
    """Look at the team's meters; `polled_at` is when somebody pressed "Poll now". One query, two at first."""
    meters = list(Meter.objects.for_team(team).select_related("key"))
    asked = polled_at is not None and polled_at <= now < polled_at + PATIENCE
    is_asking = asked and any(is_behind(meter, polled_at) for meter in meters if is_active(meter))
    troubled = [meter for meter in meters if is_troubled(meter)]
    return Standing(tuple(meters), state_of(team, meters), is_asking, tuple(troubled[:MOST_TROUBLED]))


def state_of(team: Team, meters: Sequence[Meter]) -> State:
    """What can be shown with these meters; a key without a meter is about to be polled."""
    if any(meter.watched_until for meter in meters):
        return State.SHOWN
    if any(is_active(meter) for meter in meters):
        return State.WAITING
    keys = Key.objects.for_team(team)
    if keys.pollable().filter(meter=None).exists():
        return State.WAITING
    return State.UNSEEN if meters else State.NO_KEY


def is_active(meter: Meter) -> bool:
    """Tell whether the meter is polled."""
    return meter.status == Meter.Status.ACTIVE and meter.key is not None and meter.key.is_usable()


def is_behind(meter: Meter, polled_at: datetime | None) -> bool:
    """Tell whether the meter was not asked since then."""
    return polled_at is not None and (meter.asked_at is None or meter.asked_at < polled_at)


def is_troubled(meter: Meter) -> bool:
    """Tell whether the meter of a key in use has not told its usage."""
    in_use = meter.key is not None and meter.key.status != Key.Status.RETIRED
    return in_use and (meter.status != Meter.Status.ACTIVE or meter.is_blind())


def read_polled(text: str) -> datetime | None:
    """The moment of "Poll now" from the address, in seconds since 1970; None where it cannot be read."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None
