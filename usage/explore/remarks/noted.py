"""What the ledger noted, as remarks: told once for all keys to which it happened together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from common.templatetags.names import isolated
from usage.explore.remarks.remark import Remark
from usage.explore.remarks.times import Times
from usage.explore.sheet.short_names import ends
from usage.ledger import Event
from usage.ledger.words import moment
from usage.models import AnnotationGroup

# What changes bars, or tells why one is missing, has a number above them.
SIGNED = {Event.ROLLOVER, Event.CORRECTION, Event.HOLE, Event.MISMATCH, Event.RESET}
SENTENCES = {
    Event.ROLLOVER: "a new billing period began",
    Event.HOLE: "a billing period passed unseen; its usage is not known",
    Event.CORRECTION: "the provider took back {amounts}; the correction stands where it was made",
    Event.GLITCH: "the provider's counter fell once and came back; nothing was taken from it",
    Event.UNCONFIRMED: "the provider's counter fell; a second poll has to confirm it",
    Event.REATTRIBUTED: "the provider moved usage from one model to another",
    Event.MISMATCH: "the provider's total is less than the sum of its models",
    Event.BOUNDARY_MOVED: "the provider moved the start of the billing period",
    Event.RESET: "the counter began again, as somebody said; what was used just before it is not known",
    Event.REJECTED: "an answer did not fit the ledger and was set aside",
}


@dataclass(frozen=True, slots=True)
class Noted:
    """Something noted at one moment (aware) of some meters, named as people read it; or again and again,
    for the last time at `until`.
    """

    at: datetime
    event: Event
    who: str
    amounts: Mapping[str, int]
    until: datetime | None = None

    def remark(self, times: Times) -> Remark:
        """It in words."""
        sentence = SENTENCES[self.event].format(amounts=taken_back(self.amounts))
        when = self._when(self.until, times) if self.until else f"{times.at(self.at)}, {self.who}"
        return Remark(self.at, self.until, f"{when}:", f"{sentence}.", is_signed=self.event in SIGNED)

    def _when(self, until: datetime, times: Times) -> str:
        time = times.days(self.at, until) if times.is_coarse else times.between(self.at, until)
        return f"{time}, {self.who}, again and again"


def noted(groups: Iterable[AnnotationGroup], times: Times) -> list[Remark]:
    """The ledger's annotations as remarks; what has no number and comes again and again of the same meters is
    one.
    """
    found: dict[tuple[object, ...], Noted] = {}
    for group in groups:
        each = Noted(moment(group.at), group.event, who(group), group.amounts)
        place = (group.at if group.event in SIGNED else None, group.event, each.who)
        first = found.get(place)
        found[place] = replace(first, until=each.at) if first else each
    return [each.remark(times) for each in found.values()]


def taken_back(amounts: Mapping[str, int]) -> str:
    """`1,200 tokens and 1 request`, of amounts by metric below zero."""
    parts = [counted(-amount, metric) for metric, amount in amounts.items() if amount < 0]
    return " and ".join(parts) or "usage"


def counted(amount: int, metric: str) -> str:
    """`1 token`, `1,200 tokens`."""
    return f"{amount:,} {unit_of(amount, metric)}"


def unit_of(amount: int, metric: str) -> str:
    """`token` of one, `tokens` of any other amount."""
    return metric.removesuffix("s") if abs(amount) == 1 else metric


def who(group: AnnotationGroup) -> str:
    """The meters of a group: one or two by name, and how many there are beside them."""
    first, last = (isolated(ends(name)) for name in group.names)
    if group.count == 1:
        return first
    others = group.count - 2
    return f"{first}, {last} and {others:,} more" if others else f"{first} and {last}"
