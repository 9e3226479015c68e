"""Answers of many meters over time, as the ledger takes them: four models, growing counters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import orjson

from rax import RawAnswer
from usage.books.answers.answer import Answer

MODELS = ("rax-4.0", "rax-4.5", "rax-4.5-mini", "rax-5.0")
INTERVAL = timedelta(minutes=5)


def rounds(meter_ids: Sequence[int], begin: datetime, count: int) -> Iterator[list[Answer]]:
    """Yield one list of answers, of all meters, for each interval from `begin` on (aware UTC)."""
    period = begin - INTERVAL, begin + timedelta(days=30)
    for number in range(1, count + 1):
        at = begin + number * INTERVAL
        yield [answer(meter_id, at, number * 100 + place, period) for place, meter_id in enumerate(meter_ids)]


def answer(meter_id: int, at: datetime, used: int, period: tuple[datetime, datetime]) -> Answer:
    """Return an answer at this time, where each model has used so many requests and ten times the tokens."""
    breakdown = {model: (10 * used * place, used * place) for place, model in enumerate(MODELS, 1)}
    received = RawAnswer(200, {}, at, orjson.dumps(breakdown))
    return telling(meter_id, at, breakdown, period, received)


def telling(
    meter_id: int,
    at: datetime,
    breakdown: Mapping[str, tuple[int, int]],
    period: tuple[datetime, datetime],
    received: RawAnswer | None = None,
) -> Answer:
    """Return an answer at this time that tells such tokens and requests, by model."""
    return Answer(
        meter_id=meter_id,
        slot=int(at.timestamp()),
        started_at=at - timedelta(milliseconds=50),
        ended_at=at,
        interval_seconds=int(INTERVAL.total_seconds()),
        status=200,
        period_start=period[0],
        period_end=period[1],
        total_tokens=sum(tokens for tokens, _ in breakdown.values()),
        total_requests=sum(requests for _, requests in breakdown.values()),
        breakdown=breakdown,
        received=received,
    )
