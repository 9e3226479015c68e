"""How some accounts together were seen in each bucket of a span."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from teams.models import Team
from usage.explore.proof.seen import measured_share, time_by_quality
from usage.explore.query.spans import Span
from usage.explore.reading.known import pieces_of
from usage.explore.reading.scope.scope import FIRST, LAST, Part
from usage.explore.reading.sums.coverage import Coverage
from usage.explore.reading.sums.grouped import Wanted, fetch
from usage.explore.reading.sums.source import Source
from usage.explore.reading.sums.stretches import watched
from usage.explore.sheet.labels import bucket_labels
from usage.explore.sheet.marks import Mark, Seen
from usage.ledger import COVERAGE, Quality
from usage.ledger.words import microseconds
from usage.models import Facts


@dataclass(frozen=True, slots=True)
class SeenBucket:
    """One bucket: the time of each quality over all accounts, and the word that it needs most."""

    label: str
    start: datetime
    end: datetime
    times: dict[str, int]
    mark: str

    @property
    def words(self) -> list[tuple[str, Any]]:
        """The time of each quality, in words."""
        return time_by_quality(self.times)

    @property
    def measured(self) -> float | None:
        """The percentage that was measured."""
        return measured_share([self.times])


def seen_buckets(
    team: Team, span: Span, facts: Facts, days_zone: str | None, now: datetime, meters: Collection[int] | None
) -> list[SeenBucket]:
    """The buckets that have begun, the newest first; `facts` are those of the accounts, `meters` their ids
    where they are not all of the team's. Two queries.
    """
    instants = [microseconds(edge) for edge in span.edges()]
    source = Source.of(team, instants, days_zone)
    seen = [Counter[str]() for _ in instants[1:]]
    wanted = Wanted([COVERAGE], by_model=True)
    if meters is None:
        statements = source.of_team(team, wanted, 0)
    else:
        statements = source.of_parts([(Part(tuple(meters), FIRST, LAST, ()), 0)], wanted)
    for _, on, _, quality, time in fetch(statements):
        at = source.start(on or 0)
        seen[min(max(bisect_right(instants, at) - 1, 0), len(seen) - 1)][quality] += time
    pieces = pieces_of(team, instants[0], instants[-1])
    stretches = [each for each in pieces if meters is None or each.meter_id in meters]
    for quality, lengths in watched(stretches, instants).items():
        for bucket, length in zip(seen, lengths, strict=True):
            bucket[quality] += length
    coverage, labels = Coverage.of(facts, now), bucket_labels(span)
    found = [
        SeenBucket(
            labels[place],
            *span.buckets()[place],
            times := coverage.complete(seen[place], start, end),
            _mark(times, coverage, start, end),
        )
        for place, (start, end) in enumerate(pairwise(instants))
        if start < microseconds(now)
    ]
    return found[::-1]


def _mark(times: dict[str, int], coverage: Coverage, start: int, end: int) -> str:
    seen = Seen(times, coverage.is_provisional(start, end), coverage.is_late(end))
    return "" if seen.mark in (Mark.NONE, Mark.TO_COME) else str(seen.mark)


def share_of(buckets: Sequence[SeenBucket], known_since: int | None) -> float | None:
    """The percentage of the time watched in all buckets that was measured; before `known_since`, in
    microseconds, nobody was to look.
    """
    times: Counter[str] = Counter()
    for bucket in buckets:
        times.update(bucket.times)
        start, end = microseconds(bucket.start), microseconds(bucket.end)
        unwatched = max(min(known_since or end, end) - start, 0)
        times[Quality.UNKNOWN] -= min(unwatched, bucket.times.get(Quality.UNKNOWN, 0))
    return measured_share([times])
