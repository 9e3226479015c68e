"""Put polls into a team's ledger through the real fold, as if they had been asked for; and runs."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from teams.models import Key, Team
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.local_usage import record_local_usage
from usage.models import LocalUsage, Meter, SharingSuggestion

SECOND = timedelta(seconds=1)

_waiting: list[list[Answer]] = []

# {model: (tokens, requests)}
type Counters = dict[str, tuple[int, int]]


def make_meter(key: Key, now: datetime, **fields: object) -> Meter:
    """A meter of a key, next polled in five minutes."""
    return Meter.objects.create(
        team=key.team, key=key, name=key.name, next_poll_at=now + timedelta(minutes=5), **fields
    )


def make_suggestion(team: Team, first: Key, now: datetime | None = None) -> SharingSuggestion:
    """A key of the team, and another one that told the same numbers."""
    now = now or timezone.now()
    twin = Key.objects.create(team=team, name="Twin", base_url=first.base_url)
    evidence = {
        "first_at": now.isoformat(),
        "second_at": (now + SECOND).isoformat(),
        "period_start": now.isoformat(),
        "tokens": 1_234_567,
        "requests": 89,
    }
    return SharingSuggestion.objects.create(
        team=team,
        first=make_meter(first, now),
        second=make_meter(twin, now),
        changes=4,
        evidence=[evidence],
        noticed_at=now,
    )


def poll(
    meter: Meter, at: datetime, counters: Counters, started: datetime, ended: datetime, missing: int = 0
) -> None:
    """Store one answer; `missing` tokens of the total belong to no model."""
    told = answer(meter, at, counters, started, ended, missing)
    if _waiting:
        _waiting[-1].append(told)
    else:
        store([told])


@contextmanager
def at_once() -> Iterator[None]:
    """Store what is polled meanwhile in one piece, as the past of a story that begins then."""
    _waiting.append([])
    try:
        yield
    finally:
        told = _waiting.pop()
    store(told)


def poll_regularly(
    meter: Meter, at: datetime, counters: Counters, started: datetime, ended: datetime
) -> None:
    """Store one answer, after which the next poll is due in five minutes."""
    poll(meter, at, counters, started, ended)
    plan_next(meter, at)


def plan_next(meter: Meter, at: datetime) -> None:
    """A poll at that time was answered, and the next one is due in five minutes."""
    due = at + timedelta(minutes=5, seconds=1)
    Meter.objects.filter(pk=meter.pk).update(answered_at=at, next_poll_at=due)


def answer(
    meter: Meter, at: datetime, counters: Counters, started: datetime, ended: datetime, missing: int = 0
) -> Answer:
    """An answer within the billing period [started, ended)."""
    tokens, requests = (sum(count[place] for count in counters.values()) for place in (0, 1))
    return Answer(
        meter_id=meter.pk,
        slot=int(at.timestamp()),
        started_at=at,
        ended_at=at + SECOND,
        interval_seconds=3600,
        status=200,
        period_start=started,
        period_end=ended - SECOND,
        total_tokens=tokens + missing,
        total_requests=requests,
        breakdown=counters,
    )


def run(
    key: Key,
    at: datetime,
    tokens: int,
    *,
    member_id: int | None = None,
    model: str = "llama",
    source: LocalUsage.Source = LocalUsage.Source.PLAYGROUND,
    is_reported: bool = True,
) -> None:
    """Spend tokens with a run of raxdash itself, a third of them for the answer."""
    record_local_usage(
        team_id=key.team_id,
        key_id=key.pk,
        member_id=member_id,
        source=source,
        run=uuid.uuid4(),
        model=model,
        prompt_tokens=tokens - tokens // 3,
        completion_tokens=tokens // 3,
        is_reported=is_reported,
        at=at,
    )
