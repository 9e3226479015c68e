"""All that a page asks of the books, in one reading: the shown time, what is compared with it, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from common.database.together import Reading
from usage.explore import reasoning
from usage.explore.chart.compared import Compared, edges_after, edges_before
from usage.explore.query.comparison import Comparison
from usage.explore.query.pairing import Pairing, pairing_of
from usage.explore.query.placed import Placed
from usage.explore.query.query import View
from usage.explore.reading.numbers import Asked, Numbers, Question
from usage.explore.reading.rolled import MOST_AT_ONCE
from usage.explore.reading.spending.priced import Pricing


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of the shown time; what it is compared with, and what stands behind a sum that grows: that,
    or the period before.
    """

    numbers: Numbers
    compared: Compared | None = None
    behind: Compared | None = None

    @classmethod
    def read(
        cls, placed: Placed, asked: Asked, pricing: Pricing, *, is_reasoned: bool = True
    ) -> Reading[Self]:
        """Ask everything at once, so that a comparison takes no more queries; where it `is_reasoned` also why
        it differs.
        """
        pairing = pairing_of(placed)
        if pairing and pairing.start < pairing.cut:
            return (yield from cls._compared(placed, pairing, asked, pricing, is_reasoned=is_reasoned))
        behind = placed if placed.query.view == View.CUMULATIVE and not placed.is_own else None
        before = _period_before(behind) if behind else None
        if before is None:
            (shown,) = yield from pricing.answers([_shown(asked)])
            return cls(shown)
        questions = [_shown(asked), _beside(asked, before[1].edges, before[0])]
        shown, past = yield from pricing.answers(questions)
        return cls(shown, behind=Compared(*before, past, is_asked=False))

    @classmethod
    def alone(cls, placed: Placed, asked: Asked, pricing: Pricing, most: int) -> Reading[Self]:
        """The numbers of the shown time, and of what it is compared with, with so many series by themselves,
        and nothing else.
        """
        pairing = pairing_of(placed)
        if pairing is None or pairing.start >= pairing.cut:
            (shown,) = yield from pricing.answers([(asked, most)])
            return cls(shown)
        questions = [(asked, most), (asked.beside(edges_before(pairing)), most)]
        shown, before = yield from pricing.answers(questions)
        return cls(shown, Compared(placed, pairing, before))

    @classmethod
    def _compared(
        cls, placed: Placed, pairing: Pairing, asked: Asked, pricing: Pricing, *, is_reasoned: bool
    ) -> Reading[Self]:
        edges, after = edges_before(pairing), edges_after(pairing)
        is_whole = placed.query.view == View.CUMULATIVE and len(after) > 1
        questions = [_shown(asked), _beside(asked, edges, placed)]
        questions += [_beside(asked, after, placed)] if is_whole else []
        reasons = reasoning.questions(asked, edges) if is_reasoned else []
        shown, before, *others = yield from pricing.answers(questions, reasons)
        rest = others.pop(0) if is_whole else None
        why = reasoning.reason(placed, pairing, *others) if is_reasoned else None
        compared = Compared(placed, pairing, before, rest, why, is_reasoned=is_reasoned)
        return cls(shown, compared, compared)


def _shown(asked: Asked) -> Question:
    return asked, MOST_AT_ONCE


def _beside(asked: Asked, edges: Iterable[datetime], placed: Placed) -> Question:
    """Sums by series and what all used by time; all series by time where some of them are hidden."""
    return asked.beside(list(edges)), None if placed.query.hidden else 0


def _period_before(placed: Placed) -> tuple[Placed, Pairing] | None:
    """The period before, all of it, though the question compares with nothing."""
    placed = replace(placed, query=placed.query.changed(compare=Comparison()))
    pairing = pairing_of(placed)
    return (placed, replace(pairing, cut=pairing.end)) if pairing else None
