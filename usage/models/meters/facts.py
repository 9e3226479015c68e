"""A team's meters in sums: what its pages ask, whatever the number of its keys."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from usage.ledger import REQUESTS, TOKENS

# From when to when, None while it goes on, so many meters were watched.
type Span = tuple[datetime, datetime | None, int]

# What is so of some meters, of which it is told how many they are.
COUNTED = ("troubled", "partly_read", "unmetered", "fallen", "costing", "parted")


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
    spans: Sequence[Span]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """Sum up rows of meters that are alike."""
        polled, watched = ([row for row in rows if row[name]] for name in ("polled", "watched"))
        late = [row for row in watched if row["late"]]
        return cls(
            **{name: _count(row for row in rows if row[name]) for name in COUNTED},
            count=_count(rows),
            told=_count(rows, "told"),
            polled=_count(polled),
            behind=_count(row for row in polled if row["behind"]),
            expected=_count(row for row in polled if not row["troubled"]),
            inexact=_count(row for row in rows if not row["is_exact"]),
            held=_count(row for row in rows if row["is_held"]),
            untold_tokens=_count(row for row in rows if row["untold"] == TOKENS),
            untold_requests=_count(row for row in rows if row["untold"] == REQUESTS),
            late=_count(late, "told"),
            ended=_count((row for row in rows if row["ended"]), "told"),
            priced=any(row["priced"] for row in rows),
            as_of=_first(row for row in watched if not row["late"]),
            late_since=_first(late),
            last_answer=max((row["last_answer"] for row in rows if row["last_answer"]), default=None),
            clock_difference=_largest(polled),
            days_zone=max((row["days_zone"] for row in rows if row["days_zone"]), default=None),
            spans=_spans(rows),
        )

    @property
    def untold(self) -> frozenset[str]:
        """The metrics of which some meter's newest answer tells no total."""
        counts = {TOKENS: self.untold_tokens, REQUESTS: self.untold_requests}
        return frozenset(metric for metric, count in counts.items() if count)


def _count(rows: Iterable[Mapping[str, Any]], of: str = "count") -> int:
    """How many meters there are in rows."""
    return sum(row[of] for row in rows)


def _first(rows: Iterable[Mapping[str, Any]]) -> datetime | None:
    """What all meters of rows have told."""
    return min((row["first_told"] for row in rows if row["first_told"]), default=None)


def _spans(rows: Iterable[Mapping[str, Any]]) -> list[Span]:
    """When so many meters were watched, of those that told something."""
    counts: Counter[tuple[datetime, datetime | None]] = Counter()
    for row in rows:
        if row["told"]:
            counts[row["watched_from"], row["until"]] += row["count"]
    return [(since, until, count) for (since, until), count in counts.items()]


def _largest(rows: Sequence[Mapping[str, Any]]) -> float:
    """The difference between clocks that is furthest from none, either way."""
    told = (row[name] for row in rows for name in ("most_ahead", "most_behind") if row[name] is not None)
    return max(told, key=abs, default=0.0)
