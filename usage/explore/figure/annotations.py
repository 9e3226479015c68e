"""What the ledger noted, in sentences beside the chart and as signs above its bars."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from common.templatetags.names import isolated
from usage.explore.figure.signs import Sign
from usage.explore.query.spans import Span
from usage.ledger import Event
from usage.ledger.words import moment
from usage.models import AnnotationGroup

# What stands above the bars; the rest is told in the list alone.
SIGNED = {Event.ROLLOVER, Event.CORRECTION, Event.HOLE, Event.MISMATCH, Event.RESET}
# More could not be told apart.
MOST_SIGNS = 40
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
class Remark:
    """Something noted at one moment (aware) of some meters, named as people read it; or again and again,
    for the last time at `until`.
    """

    at: datetime
    event: Event
    who: str
    amounts: Mapping[str, int]
    until: datetime | None = None

    @property
    def text(self) -> str:
        """The sentence, with the meters' names."""
        return f"{self.who}{', again and again' if self.until else ''}: {self.sentence}."

    @property
    def sentence(self) -> str:
        """What was noted, without a name and a full stop."""
        return SENTENCES[self.event].format(amounts=taken_back(self.amounts))


def taken_back(amounts: Mapping[str, int]) -> str:
    """`1,200 tokens and 1 request`, of amounts by metric below zero."""
    parts = [counted(-amount, metric) for metric, amount in amounts.items() if amount < 0]
    return " and ".join(parts) or "usage"


def counted(amount: int, metric: str) -> str:
    """`1 token`, `1,200 tokens`."""
    return f"{amount:,} {metric.removesuffix('s') if abs(amount) == 1 else metric}"


def numbered(span: Span, remarks: Iterable[Remark]) -> list[tuple[str, Remark]]:
    """Each remark with the number of its sign above the bars; with an empty text where it has none."""
    edges, count = span.edges(), 0
    told = []
    for remark in remarks:
        is_signed = remark.event in SIGNED and place_of(edges, remark.at) is not None and count < MOST_SIGNS
        count += is_signed
        told.append((str(count) if is_signed else "", remark))
    return told


def signs(span: Span, remarks: Iterable[Remark]) -> list[Sign]:
    """The numbered signs above the bars."""
    edges = span.edges()
    told = [(place_of(edges, remark.at), number, remark) for number, remark in numbered(span, remarks)]
    return [
        Sign(place, number, remark.text) for place, number, remark in told if number and place is not None
    ]


def place_of(edges: Sequence[datetime], at: datetime) -> int | None:
    """The number of the bucket between two edges that a moment falls in."""
    return bisect_right(edges, at) - 1 if edges[0] <= at < edges[-1] else None


def remarks_of(groups: Iterable[AnnotationGroup]) -> list[Remark]:
    """The ledger's annotations as remarks, oldest first; what has no sign in the chart and comes again and
    again of the same meters is one.
    """
    remarks: dict[tuple[object, ...], Remark] = {}
    for group in groups:
        remark = Remark(moment(group.at), group.event, who(group), group.amounts)
        place = (group.at if group.event in SIGNED else None, group.event, remark.who)
        first = remarks.get(place)
        remarks[place] = replace(first, until=remark.at) if first else remark
    return list(remarks.values())


def who(group: AnnotationGroup) -> str:
    """The meters of a group: one or two by name, and how many there are beside them."""
    first, last = map(isolated, group.names)
    if group.count == 1:
        return first
    others = group.count - 2
    return f"{first}, {last} and {others:,} more" if others else f"{first} and {last}"
