"""A remark: something to be told of a moment or a time of the chart; in order, and with a number."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from common.templatetags.names import isolated
from usage.explore.figure.signs import Sign
from usage.explore.query.spans import Span


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go on from a remark."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about [start, end), aware, or about the moment `start` where `end` is None.

    `lead` says when and what of, `sentence` what there was to say. Both are plain text, in which names turn
    nothing round; `words` are somebody's own, as they wrote them. Only what `is_signed` gets a number.
    """

    start: datetime
    end: datetime | None
    lead: str
    sentence: str = ""
    words: str = ""
    links: tuple[Link, ...] = ()
    is_signed: bool = True
    number: int | None = None

    @property
    def text(self) -> str:
        """All of it as plain text, in which no line of somebody's words turns round the others."""
        words = "\n".join(map(isolated, self.words.split("\n")))
        return " ".join(filter(None, (self.lead, self.sentence, words)))

    def place(self, span: Span) -> int | None:
        """The number of the first bucket of a chart that it is about; None where it is about none."""
        edges = span.edges()
        if self.start >= edges[-1] or (self.end or self.start) < edges[0] or self.end == edges[0]:
            return None
        return max(bisect_right(edges, self.start) - 1, 0)


def in_order(span: Span, remarks: Iterable[Remark]) -> list[Remark]:
    """What is about some part of the span, by time; what is signed has numbers from 1."""
    shown = [remark for remark in remarks if remark.place(span) is not None]
    count, told = 0, []
    for remark in sorted(shown, key=lambda remark: remark.start):
        count += remark.is_signed
        told.append(replace(remark, number=count if remark.is_signed else None))
    return told


def signs(span: Span, remarks: Iterable[Remark]) -> Iterator[Sign]:
    """What stands above the bars, one for each remark that has a number."""
    for remark in remarks:
        place = remark.place(span)
        if remark.number is not None and place is not None:
            yield Sign(place, str(remark.number), remark.text)
