"""A team's meters in sums: what its pages ask, whatever the number of its keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from usage.ledger import REQUESTS, TOKENS

COUNTS = (
    "count",
    "told",
    "polled",
    "behind",
    "expected",
    "troubled",
    "inexact",
    "held",
    "partly_read",
    "untold_tokens",
    "untold_requests",
    "late",
    "ended",
    "unmetered",
    "fallen",
    "costing",
    "parted",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A team's meters in sums: how many there are (`count`), those that ever `told` something, the
    `polled` ones and those of them that are `behind` (not asked since "Poll now") or `expected` to answer,
    the `troubled`, those whose period the provider moved (`inexact`), those that are being counted anew
    (`held`), those of whose answers parts cannot be read (`partly_read`), those that missed a poll
    (`late`), and those that `ended`: the provider tells a period that is over; `unmetered` ones are those
    of servers that tell no usage, `fallen` those whose counter fell, while it is waited whether that stays;
    `costing` ones are those whose providers ever told a cost, `parted` those of which somebody said that
    their counter began again within a period; `priced` is whether the team has any price.
    `as_of` is what all have told that are not late, `late_since` what the first of the late ones has,
    `last_answer` the newest of any; `clock_difference` by how many seconds our clock is ahead of a
    provider's, where that is most; the team's days are all written in `days_zone`, None where they are not;
    `spans` say when so many meters were watched: (from, until or None while it goes on, how many).
    """

    count: int
    told: int
    polled: int
    behind: int
    expected: int
    troubled: int
    inexact: int
    held: int
    partly_read: int
    untold_tokens: int
    untold_requests: int
    late: int
    ended: int
    unmetered: int
    fallen: int
    costing: int
    parted: int
    priced: bool
    as_of: datetime | None
    late_since: datetime | None
    last_answer: datetime | None
    clock_difference: float
    days_zone: str | None
    spans: Sequence[tuple[datetime, datetime | None, int]]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """Sum up rows of meters that are alike."""
        return cls(
            **{name: sum(row[name] for row in rows) for name in COUNTS},
            priced=any(row["priced"] for row in rows),
            as_of=min((row["as_of"] for row in rows if row["as_of"]), default=None),
            late_since=min((row["late_since"] for row in rows if row["late_since"]), default=None),
            last_answer=max((row["last_answer"] for row in rows if row["last_answer"]), default=None),
            clock_difference=_largest(rows),
            days_zone=max((row["days_zone"] for row in rows if row["days_zone"]), default=None),
            spans=[(row["watched_from"], row["until"], row["count"]) for row in rows if row["told"]],
        )

    @property
    def untold(self) -> frozenset[str]:
        """The metrics of which some meter's newest answer tells no total."""
        counts = {TOKENS: self.untold_tokens, REQUESTS: self.untold_requests}
        return frozenset(metric for metric, count in counts.items() if count)


def _largest(rows: Sequence[Mapping[str, Any]]) -> float:
    """The difference between clocks that is furthest from none, either way."""
    told = (row[name] for row in rows for name in ("most_ahead", "most_behind") if row[name] is not None)
    return max(told, key=abs, default=0.0)
