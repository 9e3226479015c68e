"""How many answers one transaction takes: other writers of SQLite wait as long as it lasts."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import connection

from usage.books.answers import Answer
from usage.ledger.grid import QUARTER_SECONDS

# What one transaction may carry: an answer that follows the one before it weighs 1. PostgreSQL lets others
# write meanwhile; there each statement may serve more of them.
LIMIT, LIMIT_BESIDE_OTHERS = 100, 300

# An answer writes rows for every quarter since the one before it; the first one of a meter, for every
# quarter of its period so far. So many quarters weigh as much as an ordinary answer: a month weighs thirty.
QUARTERS_OF_ONE = 100

# So many bytes of a body weigh as much as an ordinary answer.
BYTES_OF_ONE = 64 * 1024


def weight(answer: Answer, watched_until: datetime | None) -> int:
    """What storing an answer costs, in ordinary answers."""
    body = len(answer.received.body) // BYTES_OF_ONE if answer.received else 0
    since = max(filter(None, (watched_until, answer.period_start)), default=None)
    if since is None or not answer.is_readable():
        return 1 + body
    quarters = (answer.ended_at - since).total_seconds() / QUARTER_SECONDS
    return 1 + body + int(max(quarters, 0)) // QUARTERS_OF_ONE


def limit() -> int:
    """The weight that one transaction of this database may carry."""
    return LIMIT if connection.vendor == "sqlite" else LIMIT_BESIDE_OTHERS


def bounded[Item](items: Iterable[Item], weigh: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Cut items into lists of the limit's weight at most; one that is heavier stands alone."""
    most = limit()
    batch: list[Item] = []
    total = 0
    for item in items:
        heavy = weigh(item)
        if batch and total + heavy > most:
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += heavy
    if batch:
        yield batch
