"""The numbers of a team between two instants, cut into buckets: what charts, tables and totals are made of.

A handful of queries that read no more, however many keys the team has and however long its history is.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from teams.models import Team
from usage.explore.coverage import Coverage
from usage.explore.source import BY_KEY, BY_MODEL, Source
from usage.ledger import COVERAGE, Quality
from usage.ledger.words import microseconds, moment
from usage.models import Annotation, AnnotationGroup, Facts, Meter

__all__ = ["BY_KEY", "BY_MODEL", "Numbers", "read"]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was used in each bucket; everything is in the order of the buckets.

    `edges` are the n + 1 instants between n half-open buckets. `amounts` is {model or key name: n integers},
    `qualities` n times {quality: microseconds, over all keys}. A `provisional` bucket still waits for polls,
    for a `late` one polls were missed.
    `unattributed` is what the provider's newest totals have beyond its models, by metric, negative where its
    models exceed its totals; `is_exact` is false where a provider moved the boundary of a period. Nothing is
    known of the time before `known_since`, the start of the first period that a poll told.
    """

    edges: tuple[datetime, ...]
    metric: str
    amounts: dict[str, tuple[int, ...]]
    qualities: tuple[dict[str, int], ...]
    provisional: tuple[bool, ...]
    late: tuple[bool, ...]
    annotations: tuple[AnnotationGroup, ...]
    as_of: datetime | None
    known_since: datetime | None
    late_since: datetime | None
    unattributed: dict[str, int]
    is_exact: bool
    source: Source = field(repr=False)

    @property
    def total(self) -> int:
        """The sum of all buckets of all series."""
        return sum(map(sum, self.amounts.values()))

    def total_of(self, metric: str) -> int:
        """The sum of any metric over all buckets; another one than this is asked for."""
        return self.total if metric == self.metric else self.source.total(metric)

    @property
    def measured_share(self) -> float | None:
        """The part of the time watched that was measured, 0 to 1; None where there is none."""
        seen: Counter[str] = Counter()
        for qualities in self.qualities:
            seen.update(qualities)
        watched = seen.total() - self._unknowable - seen[Quality.BEFORE_WATCHING]
        return (seen[Quality.MEASURED] + seen[Quality.CORRECTED]) / watched if watched > 0 else None

    @property
    def began(self) -> bool:
        """Tell whether watching began within the span."""
        return any(Quality.BEFORE_WATCHING in qualities for qualities in self.qualities)

    @property
    def _unknowable(self) -> int:
        """Microseconds before `known_since`, which count as unknown."""
        first, last = microseconds(self.edges[0]), microseconds(self.edges[-1])
        known = last if self.known_since is None else microseconds(self.known_since)
        return max(min(known, last) - first, 0)


def read(
    team: Team,
    edges: Sequence[datetime],
    metric: str,
    group: str = BY_MODEL,
    now: datetime | None = None,
    facts: Facts | None = None,
) -> Numbers:
    """The team's numbers in the buckets between `edges` (ascending, aware, on quarters of an hour in UTC).

    `metric` is `tokens` or `requests`, `group` `model` or `key`. Edges at midnights of the team's zone are
    read from days, others from quarters. `facts` are those of the team's meters, where they are at hand.
    """
    now = now or timezone.now()
    instants = [microseconds(edge) for edge in edges]
    amounts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(instants) - 1))
    qualities: list[Counter[str]] = [Counter() for _ in instants[1:]]
    facts = facts or Meter.objects.for_team(team).facts(now)
    source = Source.of(team, instants, facts.days_zone)
    for start, kind, name, amount in source.rows(metric, group):
        place = min(max(bisect_right(instants, start) - 1, 0), len(instants) - 2)
        if kind == COVERAGE:
            qualities[place][name] += amount
        else:
            amounts[name][place] += amount
    coverage = Coverage.of(facts, now)
    return Numbers(
        edges=tuple(edges),
        metric=metric,
        amounts={name: tuple(values) for name, values in amounts.items() if any(values)},
        qualities=tuple(
            coverage.complete(seen, *span) for seen, span in zip(qualities, pairwise(instants), strict=True)
        ),
        provisional=tuple(coverage.is_provisional(start, end) for start, end in pairwise(instants)),
        late=tuple(map(coverage.is_late, instants[1:])),
        annotations=tuple(Annotation.objects.grouped(team, edges[0], edges[-1])),
        as_of=coverage.as_of,
        known_since=None if coverage.begin is None else moment(coverage.begin),
        late_since=facts.late_since,
        unattributed=dict(facts.unattributed),
        is_exact=not facts.inexact,
        source=source,
    )
