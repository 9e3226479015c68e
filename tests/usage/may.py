"""Polls of one meter in May 2024, for the stories of the ledger."""

from datetime import UTC, datetime

from tests.usage.worlds import DAY, HOUR, INTERVAL, SECOND
from usage.ledger import REQUESTS, TOKENS, UNATTRIBUTED, SeriesKey, poll_of
from usage.ledger.words import microseconds

MAY = microseconds(datetime(2024, 5, 1, tzinfo=UTC))
JUNE = MAY + 31 * DAY
NOON = MAY + 9 * DAY + 12 * HOUR
MINUTE = 60 * SECOND
RAX = SeriesKey("rax-4.0", TOKENS)
NEW = SeriesKey("rax-4.5", TOKENS)
REST = SeriesKey(UNATTRIBUTED, TOKENS)


def poll(at, total, models=None, start=MAY, end=JUNE):
    named = {RAX: total} if models is None else models
    return poll_of(at, at, start, end, {TOKENS: total, REQUESTS: 0}, named, INTERVAL)


def row(*totals, every=5, models=None):
    """Polls of one period at NOON and every so many minutes after, with these totals."""
    named = [models or {RAX: total} for total in totals]
    return [
        poll(NOON + place * every * MINUTE, total, dict(each))
        for place, (total, each) in enumerate(zip(totals, named, strict=True))
    ]


def qualities(ledger):
    return [knot.quality for knot in ledger.knots[1:]]


def events(ledger):
    return [note.event for note in ledger.annotations]
