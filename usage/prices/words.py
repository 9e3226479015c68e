"""What an estimate says of what is not in it. Pure."""

from collections.abc import Sequence

from common.templatetags.names import isolated
from usage.ledger import UNATTRIBUTED
from usage.ledger.words import OTHER_MODELS
from usage.prices.pricing import Estimate

# So many models are named; of the others it is said how many there are.
MOST_NAMED = 3
NAMELESS = {UNATTRIBUTED: "tokens of no model", OTHER_MODELS: "the smallest models"}


def without_words(estimate: Estimate) -> str:
    """`without rax-9, which has no price`; empty where all is priced."""
    parts = []
    if whole := estimate.without:
        parts.append(f"without {_named(whole)}, which {_have(whole)} no price")
    if partly := estimate.partly:
        parts.append(f"without the days on which {_named(partly)} had no price")
    return ", and ".join(parts)


def _named(models: Sequence[str]) -> str:
    # What has no name stands last.
    ordered = sorted(models, key=lambda model: (model in NAMELESS, model))
    named = [NAMELESS.get(model) or isolated(model) for model in ordered]
    if (more := len(named) - MOST_NAMED) > 0:
        named = [*named[:MOST_NAMED], f"{more} other model{'s' if more > 1 else ''}"]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _have(models: Sequence[str]) -> str:
    is_one = len(models) == 1 and models[0] not in NAMELESS
    return "has" if is_one else "have"
