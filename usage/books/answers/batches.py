"""How many answers one transaction takes: other writers of SQLite wait as long as it lasts."""

from collections.abc import Callable, Iterable, Iterator

from django.db import connection

from usage.books.answers.answer import Answer

# What one transaction may carry: an answer that follows the one before it weighs 1. PostgreSQL lets others
# write meanwhile; there each statement may serve more of them.
LIMIT, LIMIT_BESIDE_OTHERS = 100, 300

# The rows that an answer writes are bounded by its series, whatever its dates say (see ledger/stretches.py).
# So many models weigh as much as an ordinary answer.
MODELS_OF_ONE = 10

# So many bytes of a body weigh as much as an ordinary answer.
BYTES_OF_ONE = 64 * 1024


def weight(answer: Answer) -> int:
    """What storing an answer costs, in ordinary answers."""
    body = len(answer.received.body) // BYTES_OF_ONE if answer.received else 0
    return 1 + body + len(answer.breakdown) // MODELS_OF_ONE


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
