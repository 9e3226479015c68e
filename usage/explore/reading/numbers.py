"""The numbers of a team between two instants, cut into buckets: what charts, tables and totals are made of.

A handful of queries that read no more than is drawn, however many keys the team has and however long its
history is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from teams.models import Team
from usage.explore.query.dimensions import Dimension, Filter, SeriesId
from usage.explore.reading import own
from usage.explore.reading.asked import Asked
from usage.explore.reading.coverage import Coverage
from usage.explore.reading.gathering import Gathering
from usage.explore.reading.grouped import fetch_each
from usage.explore.reading.names import Names, names_of
from usage.explore.reading.pieces import pieces_for
from usage.explore.reading.rolled import Rolled
from usage.explore.reading.series import BY_KEY, BY_MODEL
from usage.explore.reading.source import Source
from usage.explore.reading.stretches import Block, Laid, lay, watched
from usage.ledger import METRICS, Quality
from usage.ledger.words import microseconds, moment
from usage.models import AnnotationGroup, Facts, Meter

__all__ = ["BY_KEY", "BY_MODEL", "Asked", "Numbers", "Question", "answer", "answers", "read"]

# A question, and how many of its series stand by themselves, None for all.
type Question = tuple[Asked, int | None]

# So many series are drawn by themselves.
MOST_SERIES = 8


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was used in each bucket; everything is in the order of the buckets.

    `edges` are the n + 1 instants between n half-open buckets. `amounts` is {series: n integers} of the
    largest series, and of `REST` for all others; `used` n times the sum of all, which groups that overlap
    exceed. `blocks` is what was used in stretches that are longer than a bucket, `covered` n times the
    microseconds that those cover, `qualities` n times {quality: microseconds, over all keys that are left}. A
    `provisional` bucket still waits for polls, for a `late` one polls were missed, in an `empty` one the
    filters leave no key. `totals` are the certain sums of all metrics, `more` what may have been used beside
    them, `sums_of` and `more_of` the same by series, also of each that is in `REST`. `names` says what people
    call an id.

    Nothing is known of the time before `known_since`, the start of the first period that a poll told.
    `is_exact` is false where a provider moved the boundary of a period. With `is_own` shown is raxdash's own
    ledger, and nothing of what providers tell. `estimated` is how many of its requests reported no tokens.
    `meters` are those that the filters leave, None where none was left out, `models` the names of those they
    leave, None for all; with `is_whole` each meter that is left counts in all of the span.
    """

    edges: tuple[datetime, ...]
    metric: str
    by: tuple[Dimension, ...]
    amounts: dict[SeriesId, tuple[int, ...]]
    used: tuple[int, ...]
    blocks: tuple[Block, ...]
    covered: tuple[int, ...]
    qualities: tuple[dict[str, int], ...]
    provisional: tuple[bool, ...]
    late: tuple[bool, ...]
    empty: tuple[bool, ...]
    totals: Mapping[str, int]
    more: Mapping[str, int]
    sums_of: Mapping[str, Mapping[SeriesId, int]]
    more_of: Mapping[str, Mapping[SeriesId, int]]
    names: Names
    as_of: datetime | None
    known_since: datetime | None
    is_own: bool
    estimated: int
    annotations: tuple[AnnotationGroup, ...] = ()
    late_since: datetime | None = None
    untold: frozenset[str] = frozenset()
    is_exact: bool = True
    meters: frozenset[int] | None = None
    models: frozenset[str] | None = None
    is_whole: bool = True

    @property
    def total(self) -> int:
        """The certain sum of all buckets and blocks of all series."""
        return self.totals[self.metric]

    @property
    def sums(self) -> Mapping[SeriesId, int]:
        """The certain sums of the asked metric by series."""
        return self.sums_of[self.metric]

    @property
    def overlaps(self) -> bool:
        """Tell whether groups may have keys in common, so that they need not sum to the total."""
        return any(dimension.overlaps for dimension in self.by)

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
    by: Sequence[Dimension] = BY_MODEL,
    now: datetime | None = None,
    facts: Facts | None = None,
    filters: Sequence[Filter] = (),
    *,
    attributes_of_today: bool = False,
    most: int | None = MOST_SERIES,
) -> Numbers:
    """The team's numbers in the buckets between `edges` (ascending, aware, on quarters of an hour in UTC), by
    one or two dimensions, of what all `filters` leave.

    Edges at midnights of the team's zone are read from days, others from quarters. `facts` are those of all
    of the team's meters, where they are at hand. Attributes of keys are those of each local day, or of today.
    Of more than `most` series the largest stand by themselves, and all others together; None is all.
    By member or source, or filtered by one, everything is of what raxdash itself ran, and of nothing else.
    """
    now = now or timezone.now()
    asked = Asked(team, tuple(edges), metric, tuple(by), now, tuple(filters), attributes_of_today)
    return answer(asked, facts, most)


def answer(asked: Asked, facts: Facts | None = None, most: int | None = MOST_SERIES) -> Numbers:
    """The numbers of a question, as `read` tells them."""
    return answers([(asked, most)], facts)[0]


def answers(questions: Sequence[Question], facts: Facts | None = None) -> list[Numbers]:
    """The numbers of several questions about one team, each with the most series that stand by themselves. As
    many queries as for one.
    """
    told = [(asked, most) for asked, most in questions if not asked.is_own]
    if not told:
        return [_own(asked, most) for asked, most in questions]
    asked = told[0][0]
    facts = facts or Meter.objects.for_team(asked.team).facts(asked.now)
    asked.lookups.look_at((each.instants[0], each.instants[-1]) for each, _ in told)
    for each, _ in told:
        each.lookups.attributes.expect(*each.days)
    drafts = [_Told(each, facts, most) for each, most in told]
    for draft, rows in zip(drafts, fetch_each([draft.rolled.sums() for draft in drafts]), strict=True):
        draft.rolled.take_sums(rows)
    for draft, rows in zip(drafts, fetch_each([draft.rolled.statements() for draft in drafts]), strict=True):
        draft.rolled.take(rows)
    found = iter(drafts)
    return [_own(each, most) if each.is_own else next(found).numbers() for each, most in questions]


class _Told:
    """What providers told, and beside it what raxdash ran where they tell nothing."""

    def __init__(self, asked: Asked, facts: Facts, most: int | None) -> None:
        self._asked, self._facts = asked, asked.facts() if asked.scope.is_filtered else facts
        self._gathering = gathering = Gathering(asked.by, asked.models, asked.instants, asked.metric)
        self._pieces = list(pieces_for(asked))
        self._laid = lay(self._pieces, asked.instants, asked.metrics)
        self._totals = own.read_untold(asked, gathering) if self._facts.unmetered else Counter[str]()
        gathering.lay(self._laid[asked.metric])
        for metric in METRICS:
            if metric != asked.metric:
                gathering.sum_up(metric, self._laid[metric])
        self.rolled = Rolled(asked, Source.of(asked.team, asked.instants, facts.days_zone), gathering, most)

    def numbers(self) -> Numbers:
        """All of it, once the rollups are read."""
        asked, facts, rolled, gathering = self._asked, self._facts, self.rolled, self._gathering
        for quality, lengths in watched(self._pieces, asked.instants).items():
            for seen, length in zip(rolled.qualities, lengths, strict=True):
                seen[quality] += length
        coverage = Coverage.of(facts, asked.now)
        if asked.scope.is_filtered:
            coverage = coverage.narrowed(asked.scope, asked.team.zone)
        totals = Counter({kind: rolled.totals[kind] + self._totals[kind] for kind in asked.metrics})
        found = _numbers(asked, gathering, rolled.chosen, self._laid, totals, coverage, rolled.qualities)
        return replace(
            found,
            annotations=tuple(asked.annotations()),
            late_since=facts.late_since,
            untold=facts.untold,
            is_exact=not facts.inexact,
            meters=asked.scope.meter_ids if asked.scope.is_filtered else None,
            models=asked.admitted.kept(asked.models),
            is_whole=asked.scope.is_whole,
        )


def _own(asked: Asked, most: int | None) -> Numbers:
    """What raxdash itself ran: all of it is known."""
    gathering = Gathering(asked.by, asked.models, asked.instants, asked.metric)
    totals = own.read_all(asked, gathering)
    chosen = None if most is None else gathering.largest(most)
    laid, unseen = lay((), asked.instants, asked.metrics), [Counter[str]() for _ in range(gathering.count)]
    return _numbers(asked, gathering, chosen, laid, totals, Coverage.own(asked.now), unseen)


def _numbers(
    asked: Asked,
    gathering: Gathering,
    chosen: set[SeriesId] | None,
    laid: Mapping[str, Laid],
    totals: Counter[str],
    coverage: Coverage,
    qualities: Sequence[Counter[str]],
) -> Numbers:
    """What was gathered, laid over buckets and summed, as an answer; `qualities` are those of the rollups."""
    instants, spans = asked.instants, list(pairwise(asked.instants))
    return Numbers(
        edges=asked.edges,
        metric=asked.metric,
        by=asked.by,
        amounts=gathering.fold(chosen),
        used=tuple(gathering.used),
        blocks=gathering.fold_blocks(laid[asked.metric].joined(), chosen),
        covered=tuple(laid[asked.metric].covered.within(instants)),
        qualities=tuple(coverage.complete(seen, *span) for seen, span in zip(qualities, spans, strict=True)),
        provisional=tuple(coverage.is_provisional(*span) for span in spans),
        late=tuple(map(coverage.is_late, instants[1:])),
        empty=tuple(coverage.is_empty(*span) for span in spans),
        totals={kind: totals[kind] + laid[kind].certain for kind in asked.metrics},
        more={kind: laid[kind].more for kind in asked.metrics},
        sums_of=gathering.sums_of,
        more_of=gathering.cut_of,
        names=names_of(asked, [*gathering.sums, *gathering.cut]),
        as_of=coverage.as_of,
        known_since=None if coverage.begin is None else moment(coverage.begin),
        is_own=coverage.is_own,
        estimated=gathering.estimated,
    )
