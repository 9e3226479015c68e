"""What told days change, and what they do not: reckoned from what counts with them and without. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from usage.ledger import METRICS, REQUESTS, TOKENS, Quality
from usage.ledger.stretches import LedgerStretch
from usage.ledger.told_days import ToldDay, filled
from usage.ledger.words import DAY, sum_of


@dataclass(frozen=True, slots=True)
class Effect:
    """What comes to an account, or to several: tokens, requests, `cost` in millionths by the metric of its
    currency, and of how many days.

    `first` and `last` are from when to when, in microseconds; `before` since when accounts are polled, the
    latest of them, and `is_before` whether all that comes lies before its account's polls. `changed` are days
    that were told before, otherwise; `same` those that were told alike, `measured` those that fill nothing:
    polls measured some of them.
    """

    tokens: int = 0
    requests: int = 0
    days: int = 0
    changed: int = 0
    same: int = 0
    measured: int = 0
    first: int | None = None
    last: int | None = None
    before: int | None = None
    is_before: bool = True
    cost: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """From plain JSON."""
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})

    def dump(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)

    @property
    def is_nothing(self) -> bool:
        """Tell whether no number changes."""
        return not (self.days or self.changed)

    def plus(self, other: "Effect") -> "Effect":
        """What comes to the accounts of both."""
        return Effect(
            self.tokens + other.tokens,
            self.requests + other.requests,
            self.days + other.days,
            self.changed + other.changed,
            self.same + other.same,
            self.measured + other.measured,
            _least(self.first, other.first),
            max(filter(None, (self.last, other.last)), default=None),
            max(filter(None, (self.before, other.before)), default=None),
            self.is_before and other.is_before,
            {
                metric: self.cost.get(metric, 0) + other.cost.get(metric, 0)
                for metric in sorted({*self.cost, *other.cost})
            },
        )


def effect_of(
    stretches: Iterable[LedgerStretch], known: Iterable[ToldDay], new: Iterable[ToldDay], first: int | None
) -> Effect:
    """What `new` days change of an account with these stretches, whose polls began at `first`; `known` days
    count already.
    """
    stretches, known, new = list(stretches), list(known), list(new)
    before = _told(filled(stretches, known, first))
    after = _told(filled(stretches, [*known, *new], first))
    gone = [row for place, row in before.items() if after.get(place) != row]
    new_rows = [row for place, row in after.items() if before.get(place) != row]
    changed = [row for row in new_rows if overlaps(row, gone)]
    came = [row for row in new_rows if not overlaps(row, gone)]
    same = sum(place in before and before[place] == after.get(place) for place in _places(new))
    return Effect(
        tokens=_sum(after, TOKENS) - _sum(before, TOKENS),
        requests=_sum(after, REQUESTS) - _sum(before, REQUESTS),
        days=count_days(came),
        changed=count_days(changed),
        same=same,
        measured=sum(place not in after for place in _places(new)),
        first=min((row.start for row in new_rows), default=None),
        last=max((row.end for row in new_rows), default=None),
        before=first if new_rows else None,
        is_before=all(first is not None and row.end <= first for row in new_rows),
        cost=_cost(before, after),
    )


def overlaps(row: LedgerStretch, others: Sequence[LedgerStretch]) -> bool:
    """Tell whether a stretch has time in common with one of others, which are in order and apart."""
    place = bisect_right(others, row.start, key=lambda other: other.end)
    return place < len(others) and others[place].start < row.end


def count_days(stretches: Iterable[LedgerStretch]) -> int:
    """How many days some time is: of each run without a gap as many as it lasts, at least one."""
    spans: list[list[int]] = []
    for row in sorted(stretches, key=lambda row: row.start):
        if spans and spans[-1][1] == row.start:
            spans[-1][1] = row.end
        else:
            spans.append([row.start, row.end])
    return sum(max(round((end - start) / DAY), 1) for start, end in spans)


def _told(stretches: Iterable[LedgerStretch]) -> dict[tuple[int, int], LedgerStretch]:
    return {(row.start, row.end): row for row in stretches if row.quality == Quality.TOLD}


def _places(days: Iterable[ToldDay]) -> set[tuple[int, int]]:
    return {(day.start, day.end) for day in days}


def _sum(rows: Mapping[tuple[int, int], LedgerStretch], metric: str) -> int:
    return sum(sum_of(row.amounts, metric) for row in rows.values())


def _cost(
    before: Mapping[tuple[int, int], LedgerStretch], after: Mapping[tuple[int, int], LedgerStretch]
) -> dict[str, int]:
    """How much more it cost, by the metric of each currency of which that is not nothing."""
    rows = [*before.values(), *after.values()]
    metrics = sorted({series.metric for row in rows for series in row.amounts} - {*METRICS})
    more = {metric: _sum(after, metric) - _sum(before, metric) for metric in metrics}
    return {metric: amount for metric, amount in more.items() if amount}


def _least(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)
