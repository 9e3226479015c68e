"""The simulator's clock: the machine's time plus an offset, so that tests and demos can travel forward."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Whole microseconds from 1970-01-01 UTC to an aware instant: integers keep every counter exact."""
    return (at - EPOCH) // MICROSECOND


def wire_time(at: datetime) -> str:
    """An aware instant as the API writes it, to the second: `2024-01-31T23:59:59Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_time(at: datetime) -> str:
    """An aware instant as HTTP writes it: `Wed, 31 Jan 2024 23:59:59 GMT`."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


class Clock:
    """Tells the machine's UTC time plus an offset, which only ever grows."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, by: timedelta) -> None:
        """Move forward. Raises ValueError for a negative step: counters never travel back."""
        if by < timedelta(0):
            raise ValueError("the clock only moves forward")
        self.offset += by


class ManualClock(Clock):
    """A clock that stands still until it is advanced."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self.start = start

    def now(self) -> datetime:
        return self.start + self.offset
