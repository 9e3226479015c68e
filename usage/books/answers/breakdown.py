"""What is kept of the models of one answer: so many that a row has an end, under names of their own.

Pure functions of the answer: the same answer is kept the same, whenever it comes.
"""

from collections.abc import Iterable, Mapping
from heapq import nsmallest

from usage.ledger import UNATTRIBUTED
from usage.ledger.words import OTHER_MODELS

# The models of one answer that are kept by name: the largest by tokens.
MOST_MODELS = 1_000

# Lines of the ledger that no model is, whatever a provider calls its own.
RESERVED = frozenset({UNATTRIBUTED, OTHER_MODELS})
# What raxdash itself ran of a model stands beside the provider's, under this and its name.
BY_RAXDASH = "(run by raxdash) "

LARGEST_INTEGER = 2**63 - 1

# Tokens and requests; None where they were not told, or cannot be read.
type Counts = tuple[int | None, int | None]


def is_reserved(name: str) -> bool:
    """Tell whether a name is one that raxdash keeps for lines of its own."""
    return name in RESERVED or name.startswith(BY_RAXDASH)


def bounded(models: Mapping[str, Counts]) -> dict[str, Counts]:
    """Return the largest models by name, and the sum of all others as `(other models)`."""
    if len(models) <= MOST_MODELS:
        return dict(models)
    kept = set(nsmallest(MOST_MODELS, models, key=lambda name: (-(models[name][0] or 0), name)))
    others = [counts for name, counts in models.items() if name not in kept]
    found = {name: counts for name, counts in models.items() if name in kept}
    tokens, requests = zip(*others, strict=True)
    return {**found, OTHER_MODELS: (_sum(tokens), _sum(requests))}


def _sum(counts: Iterable[int | None]) -> int | None:
    """The sum of what is known, as far as a column counts; None where nothing is."""
    known = [count for count in counts if count is not None]
    return min(sum(known), LARGEST_INTEGER) if known else None
