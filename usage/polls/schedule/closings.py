"""Closing polls: when a meter is looked at around the end of a billing period or quota day. Pure functions.

Just before the end, so that next to nothing of it is missed; just after it; and again while the provider goes
on telling the old period. Ends are the provider's, so they are met by its clock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

BEFORE = timedelta(seconds=2)
AFTER = timedelta(seconds=1)
# Providers lag at the rollover, by seconds as a rule.
AGAIN = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60))

# Handed out so long ahead, a poll is asked in time: the tick comes every five seconds, and the embedded
# broker gives out two messages a second. A regular poll within that time is left out.
AHEAD = timedelta(seconds=10)

# A closing poll asked a moment early is not asked twice.
APART = timedelta(seconds=1)

# More keys of one host than this are not asked at one instant, but within so long.
CROWD = 500
SPREAD = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class End:
    """An end, by the provider's clock; `lingers` says that the provider still tells what it ends."""

    at: datetime
    lingers: bool = False


def near(ends: Iterable[End], asked: datetime, until: datetime) -> list[End]:
    """Those of these ends that a poll may have to be followed up for, before another instant.

    There may be none, in the year 1 or 9999, that dates cannot be reckoned with.
    """
    earliest, latest = asked - AGAIN[-1] - SPREAD, until + BEFORE + SPREAD + AHEAD
    return [end for end in ends if earliest < end.at < latest]


def first_after(asked: datetime, ends: Iterable[End], spread: timedelta) -> datetime | None:
    """The first closing instant after a poll, of ends that are near; None where there is none.

    All times are of the provider's clock. `spread` is the meter's own place in a crowd.
    """
    instants = (instant for end in ends for instant in _instants(end, spread))
    return min((instant for instant in instants if instant >= asked + APART), default=None)


def _instants(end: End, spread: timedelta) -> Iterator[datetime]:
    yield end.at - BEFORE - spread
    yield end.at + AFTER + spread
    if end.lingers:
        yield from (end.at + later + spread for later in AGAIN)


def standing_end(told: datetime | None, known: datetime | None, *, goes_on: bool) -> datetime | None:
    """The end of the billing period that closing polls are for: one that stands still.

    `told` is what the answer said; `known` the largest end told before, `goes_on` whether that is of the same
    period. A window that rolls has another end in each answer, and would be polled all the time.
    """
    end = max(filter(None, (told, known if goes_on else None)), default=None)
    return end if known in {None, end} else None


def place(name: str) -> timedelta:
    """A meter's own place in a crowd."""
    return SPREAD * ((crc32(name.encode()) % 1_000) / 1_000)
