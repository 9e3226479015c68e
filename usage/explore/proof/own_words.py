"""What raxdash itself spent beside the provider's total, in words; and where it is more than that, why."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.templatetags.numbers import percent
from usage.claims import Amount
from usage.explore.proof.own_spend import OwnSpend, Share, Spent
from usage.explore.remarks.noted import counted, unit_of

MOST_NAMED = 5
# So many keys are named at the end of a sentence.
MOST_KEYS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence in parts: the lead, who it was (`more` are not named), what follows, with which `keys`, and
    possible reasons.
    """

    lead: str
    shares: Sequence[Share]
    more: int
    end: str
    reasons: Sequence[str]
    keys: Sequence[str] = ()


def told(own: OwnSpend, spent: Spent, provider: Amount, keys: Sequence[str] = ()) -> Told:
    """What was spent beside what the provider counts of the same keys, time and models. Without their names
    it is told beside the only one.
    """
    total, all_of_it = spent.total, provider.certain
    shares = [share for share in own.shares(spent) if share.amount]
    end = ""
    if provider.drawn is None:
        lead = f"{counted(total, own.metric)} came from {own.where}; what the provider counts is not known"
    elif not total:
        lead = f"None of {_whole(provider, own.metric)} came from raxdash"
    elif total > all_of_it:
        more = counted(total - all_of_it, own.metric)
        lead = f"{counted(total, own.metric)} came from {own.where}, {more} more than the provider counts"
    elif total == all_of_it and provider.is_known:
        lead = f"All of {_whole(provider, own.metric)} came from {own.where}"
    else:
        share = f" ({percent(100 * total / all_of_it)})" if provider.is_known else ""
        lead = f"Of {_whole(provider, own.metric)}, {total:,}{share} came from {own.where}"
        end = f"the rest came from elsewhere with {_keys(keys)}"
    reasons = _reasons(own, spent, provider) if total > all_of_it and provider.drawn is not None else []
    named = keys if end and len(keys) <= MOST_KEYS else ()
    return Told(lead, shares[:MOST_NAMED], max(len(shares) - MOST_NAMED, 0), end, reasons, named)


def _keys(names: Sequence[str]) -> str:
    """`key`, where the name of one follows."""
    if len(names) > MOST_KEYS:
        return f"these {len(names):,} keys"
    return ("this key", "key", "keys")[len(names)]


def _whole(provider: Amount, metric: str) -> str:
    return f"{provider} {unit_of(provider.certain, metric)}"


def _reasons(own: OwnSpend, spent: Spent, provider: Amount) -> list[str]:
    """Why raxdash may know of more than the provider counts."""
    found = []
    if spent.unpolled:
        found.append(f"{counted(spent.unpolled, own.metric)} came after the provider's last answer")
    if spent.estimated:
        found.append(f"{counted(spent.estimated, own.metric)} are estimated, for their answers told none")
    if not provider.is_known:
        found.append("a part of the time was not seen, or its spread is not known")
    found.append("the provider may count late, or count otherwise than it tells with each answer")
    return found


def estimate(own: OwnSpend, spent: Spent) -> str:
    """How much of it is estimated, in a sentence; empty where nothing is."""
    if not spent.estimated:
        return ""
    amount = counted(spent.estimated, own.metric)
    return f"Of what came from {own.where}, {amount} are estimated: their answers told none."
