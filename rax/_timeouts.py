"""How long to wait for an answer: the deadlines, and which of them passed."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, fields

from rax import _constants as constants
from rax._exceptions import ArgumentError, Deadline, DeadlineError


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds; None, like infinity, is for as long as it takes.

    `connect_seconds` is for the connection, and what waits for one. `first_token_seconds` is the longest
    silence on the wire before an answer begins, `between_tokens_seconds` afterwards: whatever arrives ends a
    silence, comments and empty events too. `whole_seconds` is for a completion in all, `get_seconds` for a
    GET with all its attempts. Raises ArgumentError for what is no positive number.
    """

    connect_seconds: float | None = constants.CONNECT_SECONDS
    first_token_seconds: float | None = constants.FIRST_TOKEN_SECONDS
    between_tokens_seconds: float | None = constants.BETWEEN_TOKENS_SECONDS
    whole_seconds: float | None = constants.WHOLE_SECONDS
    get_seconds: float | None = constants.GET_SECONDS

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _seconds(field.name, getattr(self, field.name)))


def _seconds(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ArgumentError(f"{name} must be a positive number of seconds, or None for no bound.")
    # No timer takes infinity, and some take no more than this.
    return float(value) if value <= constants.FARTHEST_DEADLINE_SECONDS else None


class Patience:
    """The deadlines of one completion that begins now, as they move with what arrives."""

    __slots__ = ("_heard_at", "_limit", "_loop", "_timeouts", "_whole_at", "has_begun")

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self._whole_at = self._heard_at + _or_infinity(timeouts.whole_seconds)
        self.has_begun = False
        self._limit: asyncio.Timeout | None = None

    def hear(self) -> None:
        """Note that bytes came, whatever they say."""
        self._heard_at = self._loop.time()
        if self._limit is not None:
            self._limit.reschedule(self.passes_at())

    def begin(self) -> None:
        """Note that the answer has begun."""
        self.has_begun = True

    def passes_at(self) -> float | None:
        """Return when the next deadline passes, by the loop's clock; None where there is none."""
        at = min(self._silent_at(), self._whole_at)
        return None if at == math.inf else at

    def is_at_end(self) -> bool:
        """Tell whether the completion has taken as long as it may in all."""
        return self._loop.time() >= self._whole_at

    def error(self) -> DeadlineError:
        """Return the error for the deadline that passes next."""
        if self._whole_at <= self._silent_at():
            return DeadlineError(Deadline.WHOLE, self._timeouts.whole_seconds or 0, maybe_billed=True)
        which = Deadline.BETWEEN_TOKENS if self.has_begun else Deadline.FIRST_TOKEN
        return DeadlineError(which, self._silence_seconds() or 0, maybe_billed=True)

    @contextlib.asynccontextmanager
    async def holding(self) -> AsyncIterator[None]:
        """Hold a block to the deadlines; raises DeadlineError when one of them passes."""
        self._limit = asyncio.timeout_at(self.passes_at())
        try:
            async with _limited(self._limit, self.error):
                yield
        finally:
            self._limit = None

    def _silence_seconds(self) -> float | None:
        timeouts = self._timeouts
        return timeouts.between_tokens_seconds if self.has_begun else timeouts.first_token_seconds

    def _silent_at(self) -> float:
        return self._heard_at + _or_infinity(self._silence_seconds())


def get_deadline(seconds: float | None) -> contextlib.AbstractAsyncContextManager[None]:
    """Hold a block, a GET with all its attempts, to so many seconds; raises DeadlineError when they pass."""
    return _limited(asyncio.timeout(seconds), lambda: DeadlineError(Deadline.GET, seconds or 0))


@contextlib.asynccontextmanager
async def _limited(limit: asyncio.Timeout, error: Callable[[], DeadlineError]) -> AsyncIterator[None]:
    """Hold a block to a limit, and raise our error where it passes; the block's own errors stay theirs."""
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise error() from None


def _or_infinity(seconds: float | None) -> float:
    return math.inf if seconds is None else seconds
