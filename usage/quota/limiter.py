"""The one limiter of a key: what it may still do, for web, workers and polls together.

Requests are counted in a sliding minute, of which runs leave a part to the polls. Tokens of live runs are
held until they are settled. Every function is one short transaction; async code calls it by `sync_to_async`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, UUIDField
from django.utils import timezone

from common.database import bulk
from common.database.prepared import Given, PreparedModels
from common.database.single_rows import SingleRows
from rax import Limits
from teams.models import Key
from usage.models import LimiterWindow, RateSample
from usage.quota.day import quota_day
from usage.quota.use import day_tokens

POLL_RESERVE = 5
MINUTE = 60

# A run that never settled (its process died) gives its tokens back so long after it had to be over.
SETTLING_SECONDS = 300


WINDOW_ROWS = SingleRows(LimiterWindow)
KEY = Given("key", UUIDField())


@PreparedModels
def _window() -> QuerySet[LimiterWindow]:
    """The window of one key, held until the transaction ends."""
    return LimiterWindow.objects.select_for_update().filter(pk=KEY)


class Sample(NamedTuple):
    """What one answer said of a key's limits, as a row of `RateSample`."""

    key_id: UUID
    received_at: datetime
    source: str
    requests_limit: int | None
    requests_remaining: int | None
    requests_reset_at: datetime | None
    tokens_limit: int | None
    tokens_remaining: int | None
    tokens_reset_at: datetime | None

    @classmethod
    def of(cls, key_id: UUID, limits: Limits, source: str) -> Self:
        """Return what the headers of an answer said."""
        return cls(
            key_id=key_id,
            received_at=limits.received_at,
            source=source,
            requests_limit=limits.requests_limit,
            requests_remaining=limits.requests_remaining,
            requests_reset_at=limits.requests_reset_at,
            tokens_limit=limits.tokens_limit,
            tokens_remaining=limits.tokens_remaining,
            tokens_reset_at=limits.tokens_reset_at,
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request may not be made now, and in how many seconds it may."""

    reason: str
    retry_after_seconds: int


def acquire(key: Key, holder: UUID, tokens: int, now: datetime | None = None) -> Refusal | None:
    """Take one request, and hold `tokens`, for a run; None means go ahead. Repeat it and nothing changes."""
    now = now or timezone.now()
    limits, hold_seconds = key.limits(), _hold_seconds(key)
    used = day_tokens(key, now) if limits.tokens_per_day is not None else 0
    with transaction.atomic(savepoint=False):
        window = _locked(key)
        _advance(window, now, hold_seconds)
        if str(holder) in window.holds:
            return None
        refusal = _blocked(window, now) or _too_many(window, limits.requests_per_minute, now)
        if limits.tokens_per_day is not None:
            held = sum(amount for amount, _ in window.holds.values())
            refusal = refusal or _too_large(key, used + held + tokens, limits.tokens_per_day, now)
        if refusal is None:
            window.requests += 1
            window.holds[str(holder)] = [tokens, int(now.timestamp()) + hold_seconds]
        WINDOW_ROWS.update(window)
    return refusal


def settle(key_id: UUID, holder: UUID) -> None:
    """Give back what a run held: its tokens are in the ledger of local usage now."""
    with transaction.atomic():
        window = LimiterWindow.objects.select_for_update().filter(pk=key_id).first()
        if window and window.holds.pop(str(holder), None):
            window.save(update_fields=["holds"])


def is_held(key_id: UUID, holder: UUID) -> bool:
    """Tell whether a run has taken its place and not given it back: it was sent, or was just about to be."""
    holds = LimiterWindow.objects.filter(pk=key_id).values_list("holds", flat=True).first()
    return str(holder) in (holds or {})


def observe(key_id: UUID, limits: Limits | None, source: str, *, is_refusal: bool = False) -> None:
    """Keep what an answer said about limits; after a 429 nothing is sent before the time it named."""
    if limits is not None:
        observe_many([(key_id, limits, source)])
        if is_refusal and limits.retry_after_seconds is not None:
            block({key_id: limits.received_at + timedelta(seconds=limits.retry_after_seconds)})


def observe_many(samples: Iterable[tuple[UUID, Limits, str]]) -> None:
    """Keep the newest rate-limit headers of each key."""
    newest = {
        key_id: Sample.of(key_id, limits, source) for key_id, limits, source in samples if limits.is_known()
    }
    key, *said = Sample._fields
    bulk.insert(RateSample, newest.values(), Sample._fields, unique=(key,), replace=said)


def block(until: Mapping[UUID, datetime]) -> None:
    """Send nothing with these keys before a time the provider named."""
    _ensure(until)
    for key_id, moment in until.items():
        earlier = Q(blocked_until=None) | Q(blocked_until__lt=moment)
        LimiterWindow.objects.filter(earlier, pk=key_id).update(blocked_until=moment)


def unblock(key_id: UUID) -> None:
    """Let a key be used again before the time its provider named."""
    LimiterWindow.objects.filter(pk=key_id).update(blocked_until=None)


def acquire_for_polls(requests: Mapping[UUID, int], now: datetime) -> dict[UUID, datetime]:
    """Count the requests of a batch of polls; return the keys that must wait, and until when.

    Polls may use the part of the minute that runs leave to them, so they are not refused for number.
    """
    mine = LimiterWindow.objects.filter(pk__among=requests).defer("holds").order_by("pk").select_for_update()
    with transaction.atomic():
        windows = list(mine)
        if len(windows) == len(requests):
            return _count_polls(windows, requests, now)
    # Made while no lock is held: two workers never wait in a circle.
    _ensure(requests)
    with transaction.atomic():
        return _count_polls(list(mine.all()), requests, now)


def _count_polls(
    windows: Iterable[LimiterWindow], requests: Mapping[UUID, int], now: datetime
) -> dict[UUID, datetime]:
    waiting, counted = {}, []
    for window in windows:
        _begin_minute(window, now)
        if window.blocked_until and window.blocked_until > now:
            waiting[window.pk] = window.blocked_until
            continue
        window.requests += requests[window.pk]
        counted.append(window)
    bulk.update(LimiterWindow, counted, ("minute", "requests", "requests_before", "blocked_until"))
    return waiting


def _ensure(key_ids: Iterable[UUID]) -> None:
    """Make the windows that are missing; a key deleted meanwhile gets none."""
    known = Key.objects.filter(pk__among=key_ids, limiter=None)
    LimiterWindow.objects.bulk_create((LimiterWindow(key=key) for key in known), ignore_conflicts=True)


def _locked(key: Key) -> LimiterWindow:
    if window := _window.first({KEY.name: key.pk}):
        return window
    _ensure([key.pk])
    return LimiterWindow.objects.select_for_update().get(pk=key.pk)


def _hold_seconds(key: Key) -> int:
    """Return how long a run with this key may hold its tokens."""
    return int(key.timeouts().whole_seconds or 0) + SETTLING_SECONDS


def _advance(window: LimiterWindow, now: datetime, hold_seconds: int) -> None:
    """Move the window to this minute, and forget the holds of dead runs."""
    _begin_minute(window, now)
    # No hold is longer, though a clock that was ahead may have given it.
    longest = int(now.timestamp()) + hold_seconds
    held = ((holder, amount, min(until, longest)) for holder, (amount, until) in window.holds.items())
    window.holds = {holder: [amount, until] for holder, amount, until in held if until > now.timestamp()}


def _begin_minute(window: LimiterWindow, now: datetime) -> None:
    minute = int(now.timestamp()) // MINUTE
    if window.minute > minute + 1:
        # Whoever used it last had a clock that was ahead; so had who was told to wait, and until when.
        window.minute, window.blocked_until = minute, None
    if window.minute != minute:
        window.requests_before = window.requests if window.minute == minute - 1 else 0
        window.minute, window.requests = minute, 0


def _blocked(window: LimiterWindow, now: datetime) -> Refusal | None:
    if window.blocked_until is None or window.blocked_until <= now:
        return None
    wait = int((window.blocked_until - now).total_seconds()) + 1
    return Refusal("The provider asked us to wait.", wait)


def _too_many(window: LimiterWindow, limit: int | None, now: datetime) -> Refusal | None:
    """Count the last minute as a share of the minute before, and what came since."""
    if limit is None:
        return None
    room = limit - min(POLL_RESERVE, limit // 4)
    second = int(now.timestamp()) % MINUTE
    for wait in range(2 * MINUTE):
        minutes, place = divmod(second + wait, MINUTE)
        before = (window.requests_before, window.requests, 0)[minutes]
        current = window.requests if minutes == 0 else 0
        if before * (MINUTE - place) + current * MINUTE < room * MINUTE:
            break
    return Refusal(f"{limit} requests a minute are used up.", wait) if wait else None


def _too_large(key: Key, needed: int, limit: int, now: datetime) -> Refusal | None:
    if needed <= limit:
        return None
    wait = int((quota_day(now, key.team.quota_zone).end - now.astimezone(UTC)).total_seconds()) + 1
    return Refusal(f"The day's {limit:,} tokens are used up.", wait)
