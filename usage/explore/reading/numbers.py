"""The numbers of a team between two instants, cut into buckets: what charts, tables and totals are made of.

A handful of queries that read no more, however many keys the team has and however long its history is.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from teams.models import Team
from usage.explore.reading.coverage import Coverage
from usage.explore.reading.local import LocalRow, local_rows
from usage.explore.reading.source import BY_KEY, BY_MODEL, Source, meter_names
from usage.explore.reading.stretches import Block, lay, watched
from usage.ledger import COVERAGE, METRICS, Quality
from usage.ledger.words import microseconds, moment
from usage.models import Annotation, AnnotationGroup, Facts, Meter

__all__ = ["BY_KEY", "BY_MODEL", "Numbers", "read"]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was used in each bucket; everything is in the order of the buckets.

    `edges` are the n + 1 instants between n half-open buckets. `amounts` is {model or key name: n integers},
    `blocks` what was used in stretches that are longer than a bucket, `covered` n times the microseconds that
    those cover, `qualities` n times {quality: microseconds, over all keys}. A `provisional` bucket still
    waits for polls, for a `late` one polls were missed. `totals` are the certain sums of all metrics. Nothing
    is known of the time before `known_since`, the start of the first period that a poll told. `is_exact` is
    false where a provider moved the boundary of a period. With `is_own` no provider tells anything: shown is
    what raxdash ran. `estimated` is how many of its requests reported no tokens.
    """

    edges: tuple[datetime, ...]
    metric: str
    amounts: dict[str, tuple[int, ...]]
    blocks: tuple[Block, ...]
    covered: tuple[int, ...]
    qualities: tuple[dict[str, int], ...]
    provisional: tuple[bool, ...]
    late: tuple[bool, ...]
    totals: Mapping[str, int]
    more: Mapping[str, int]
    annotations: tuple[AnnotationGroup, ...]
    as_of: datetime | None
    known_since: datetime | None
    late_since: datetime | None
    untold: frozenset[str]
    is_exact: bool
    is_own: bool
    estimated: int

    @property
    def total(self) -> int:
        """The certain sum of all buckets and blocks of all series."""
        return self.totals[self.metric]

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
    facts = facts or Meter.objects.for_team(team).facts(now)
    source = Source.of(team, instants, facts.days_zone)
    names = meter_names(team) if group == BY_KEY else None
    buckets = Buckets(instants, metric)
    buckets.fill(source, names)
    estimated = 0
    if facts.unmetered:
        ran = local_rows(team, edges[0], min(edges[-1], now), by_key=names is not None)
        estimated = buckets.add_local(ran)
    laid = lay(source.stretches, instants, names)
    for (place, name), amount in laid[metric].inside.items():
        buckets.amounts[name][place] += amount
    coverage = Coverage.of(facts, now)
    return Numbers(
        edges=tuple(edges),
        metric=metric,
        amounts={name: tuple(values) for name, values in buckets.amounts.items() if any(values)},
        blocks=laid[metric].joined(),
        covered=tuple(laid[metric].covered.within(instants)),
        qualities=tuple(
            coverage.complete(seen, *span)
            for seen, span in zip(buckets.qualities, pairwise(instants), strict=True)
        ),
        provisional=tuple(coverage.is_provisional(start, end) for start, end in pairwise(instants)),
        late=tuple(map(coverage.is_late, instants[1:])),
        totals={kind: buckets.sums[kind] + laid[kind].certain for kind in METRICS},
        more={kind: laid[kind].more for kind in METRICS},
        annotations=tuple(Annotation.objects.grouped(team, edges[0], edges[-1])),
        as_of=coverage.as_of,
        known_since=None if coverage.begin is None else moment(coverage.begin),
        late_since=facts.late_since,
        untold=facts.untold,
        is_exact=not facts.inexact,
        is_own=coverage.is_own,
        estimated=estimated,
    )


class Buckets:
    """Rows of rollups, sorted into buckets between instants; `sums` are of all metrics."""

    def __init__(self, instants: Sequence[int], metric: str) -> None:
        count = len(instants) - 1
        self._instants, self._metric = instants, metric
        self.amounts: dict[str, list[int]] = defaultdict(lambda: [0] * count)
        self.qualities: list[Counter[str]] = [Counter() for _ in range(count)]
        self.sums: Counter[str] = Counter()

    def fill(self, source: Source, names: Mapping[int, str] | None) -> None:
        """Take all rows of a source, by the names of the meters or by model."""
        read = [COVERAGE] if names else [self._metric, COVERAGE]
        for start, kind, name, amount in source.rows(read, [kind for kind in METRICS if kind not in read]):
            if kind == COVERAGE:
                self.qualities[self._place(start)][name] += amount
            else:
                self.sums[kind] += amount
                if kind in read:
                    self.amounts[name][self._place(start)] += amount
        for start, _, name, amount in source.key_rows(self._metric, names) if names else ():
            self.amounts[name][self._place(start)] += amount
        for quality, lengths in watched(source.stretches, self._instants).items():
            for seen, length in zip(self.qualities, lengths, strict=True):
                seen[quality] += length

    def add_local(self, rows: Iterable[LocalRow]) -> int:
        """Take what raxdash ran; return how many of its requests are estimated."""
        estimated = 0
        for row in rows:
            self.amounts[row.series][self._place(row.start)] += row.amounts[self._metric]
            self.sums.update(row.amounts)
            estimated += row.estimated
        return estimated

    def _place(self, start: int) -> int:
        return min(max(bisect_right(self._instants, start) - 1, 0), len(self._instants) - 2)
