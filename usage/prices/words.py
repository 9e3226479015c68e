"""What an estimate says of what is not in it. Pure."""

from collections.abc import Iterator, Sequence

from common.templatetags.names import isolated
from usage.ledger import UNATTRIBUTED
from usage.ledger.words import OTHER_MODELS
from usage.prices.pricing import Estimate

# So many models are named; of the others it is said how many there are.
MOST_NAMED = 3
# What has no name of its own has no price either.
NAMELESS = {
    UNATTRIBUTED: "without the tokens that the provider names no model for",
    OTHER_MODELS: "without the smallest models, which are one sum",
}


def without_words(estimate: Estimate) -> str:
    """`without rax-9, which has no price`; empty where all is priced."""
    return ", and ".join(_parts(estimate))


def _parts(estimate: Estimate) -> Iterator[str]:
    if whole := [model for model in estimate.without if model not in NAMELESS]:
        yield f"without {_named(whole)}, which {'has' if len(whole) == 1 else 'have'} no price"
    if partly := estimate.partly:
        yield f"without the days on which {_named(partly)} had no price"
    yield from (words for model, words in NAMELESS.items() if model in estimate.without)


def _named(models: Sequence[str]) -> str:
    named = list(map(isolated, sorted(models)))
    if (more := len(named) - MOST_NAMED) > 0:
        named = [*named[:MOST_NAMED], f"{more} other model{'s' if more > 1 else ''}"]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
