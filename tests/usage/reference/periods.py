"""What is remembered of a billing period: what was told, what is shown of it, and what may be claimed.

Rules kept here: what is shown of a period marked exact is the last believed counter told for it. A period
is not exact once its end shrank, once knots stand beyond its end, or where its boundary moved. Its sum is
"at least" where a tail of it was never seen, where it began by a moved boundary, or it is not exact. A stale
answer that tells more than is shown is remembered beside it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.usage.reference.answers import NEVER
from tests.usage.reference.lines import TOTAL, Line


@dataclass
class Period:
    """One billing period as it was told; `told_starts` differs from `starts` after a reset alone."""

    told_starts: int
    starts: int
    ends: int = NEVER
    closed: bool = False
    inexact: bool = False
    replaced: bool = False  # its boundary moved: a newer one tells of the same usage
    moved_in: bool = False  # it began by a moved boundary
    tails: set[str] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)
    told_late: dict[str, int] = field(default_factory=dict)

    def at_least(self, metric: str) -> bool:
        return self.inexact or self.moved_in or metric in self.tails

    def close(self, begin_of_next: int, last_knots: dict[str, int]) -> None:
        """A newer period was told, or a person said that the counter began again."""
        self.closed = True
        self.ends = min(self.ends, begin_of_next)
        self.tails = {metric for metric, at in last_knots.items() if at < self.ends}
        self.inexact |= any(at > self.ends for at in last_knots.values())

    def tell_late(self, totals: dict[str, int]) -> None:
        """A stale answer spoke of this period: kept for its proof where it tells more."""
        for metric, count in totals.items():
            if count > max(self.told.get(metric, 0), self.told_late.get(metric, 0)):
                self.told_late[metric] = count

    def shown(self, line: Line) -> int:
        """The sum that pages show of this period."""
        end = min(self.ends, line.last.at) if not self.closed else self.ends
        return int(line.value(TOTAL, end) - line.value(TOTAL, self.starts))


def as_told(periods: Iterable[Period]) -> list[Period]:
    """The billing periods that pages tell: one whose counter began again is the sum of its parts."""
    whole: list[Period] = []
    for period in periods:
        if period.replaced:
            continue
        if whole and whole[-1].told_starts == period.told_starts:
            period = _joined(whole.pop(), period)
        whole.append(period)
    return whole


def _joined(first: Period, then: Period) -> Period:
    return Period(
        first.told_starts,
        first.starts,
        then.ends,
        closed=then.closed,
        inexact=first.inexact or then.inexact,
        moved_in=first.moved_in or then.moved_in,
        tails=first.tails | then.tails,
        told=dict(Counter(first.told) + Counter(then.told)),
    )
