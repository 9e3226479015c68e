"""How a team's meters stand, for its pages: are there numbers, and are they being asked for?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from common.database.together import Reading, ask, nothing, side_by_side
from common.templatetags.times import length
from teams.models import Key, Team
from usage.explore.reading.local import has_local_usage
from usage.models import Facts, Meter, Stretch
from usage.models.meters.meter import MeterQuerySet

# A page stops waiting for an answer to "Poll now" after this, whatever became of the worker.
PATIENCE = timedelta(seconds=60)
# Numbers of which nothing newer came for so long are said to be old.
OLD = timedelta(minutes=15)
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
class NamedMeters:
    """Meters that a page tells of by name. `troubled` are those whose usage is not seen, `partly_read` those
    of whose answers parts cannot be read, `ended` those whose period is over and of which no newer one was
    told, `fallen` those whose counter fell just now; the first twenty of each.
    """

    troubled: Sequence[Meter]
    partly_read: Sequence[Meter]
    ended: Sequence[Meter]
    fallen: Sequence[Meter]

    @classmethod
    def of(cls, team: Team, facts: Facts) -> Reading[Self]:
        """Those of a team, whose meters' facts these are. One step, none where there is none of them."""
        meters = Meter.objects.for_team(team)
        named = yield from side_by_side(
            _first(meters.troubled(), facts.troubled),
            _first(meters.partly_read(), facts.partly_read),
            _first(meters.ended(), facts.ended),
            _first(meters.fallen(), facts.fallen),
        )
        return cls(*named)


@dataclass(frozen=True, slots=True)
class TeamStatus:
    """The meters of a team at one moment. Where nobody tells anything any more it is `old_since` then."""

    facts: Facts
    availability: Availability
    is_asking: bool
    old_since: datetime | None = None

    @property
    def clock_difference(self) -> str:
        """By how much this server's clock and a provider's differ, in words; empty where that is little."""
        seconds = abs(self.facts.clock_difference)
        return length(seconds) if seconds > CLOCKS_MAY_DIFFER_SECONDS else ""

    @property
    def is_waiting(self) -> bool:
        """Tell whether the page should soon ask again."""
        return self.is_asking or self.availability == Availability.WAITING


def _old_since(facts: Facts, now: datetime) -> datetime | None:
    """When the newest number was told, where all of those who should have told one since did not."""
    watched = sum(count for _, until, count in facts.spans if until is None)
    if not watched or facts.late < watched or facts.last_answer is None:
        return None
    return facts.last_answer if now - facts.last_answer >= OLD else None


def status_of(team: Team, facts: Facts, now: datetime, polled_at: datetime | None) -> TeamStatus:
    """How the team's meters stand, of which these are the facts; `polled_at` is when somebody pressed "Poll
    now". No query as a rule, three at most.
    """
    is_recent = polled_at is not None and polled_at <= now < polled_at + PATIENCE
    is_behind = is_recent and facts.behind > 0
    return TeamStatus(facts, availability_of(team, facts), is_behind, _old_since(facts, now))


def _first(meters: MeterQuerySet, count: int) -> Reading[Sequence[Meter]]:
    """The first of so many meters; no question where there are none."""
    return ask(meters.defer("state")[:MOST_TROUBLED]) if count else nothing(())


def availability_of(team: Team, facts: Facts) -> Availability:
    """What can be shown of such meters; a key without a meter is about to be polled."""
    if facts.told or (facts.unmetered and has_local_usage(team)) or Stretch.objects.told_of(team).exists():
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
