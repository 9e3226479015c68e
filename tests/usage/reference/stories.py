"""Short words to tell answers in, for stories."""

from datetime import UTC, datetime

from tests.usage.reference.answers import NO_MODELS, REQUESTS, TOKENS, Answer, Models

OCTOBER, NOVEMBER, DECEMBER = "2026-10-01 00:00:00", "2026-11-01 00:00:00", "2026-12-01 00:00:00"


def instant(text: str) -> int:
    """Microseconds of a moment in UTC, told as `2026-11-01 00:05:00`."""
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000


def told(at: str, period: tuple[str, str | None], tokens: int, models: Models = NO_MODELS) -> Answer:
    """An answer with as many requests as tokens."""
    starts, ends = period
    when = instant(at)
    totals = {TOKENS: tokens, REQUESTS: tokens}
    return Answer(when, when, instant(starts), instant(ends) if ends else None, totals, models)


def in_tokens(**tokens: int) -> Models:
    return {name: {TOKENS: count} for name, count in tokens.items()}


IN_OCTOBER = (OCTOBER, NOVEMBER)
IN_NOVEMBER = (NOVEMBER, DECEMBER)
