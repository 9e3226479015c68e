"""Answers as they come: what providers told, or what raxdash itself ran, in two steps.

Several questions take their steps together, so that they are as few queries as one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

from common.database.together import Reading, nothing, side_by_side
from usage.explore.query.dimensions import SeriesId
from usage.explore.reading import own
from usage.explore.reading.amounts import Numbers
from usage.explore.reading.asked import Asked
from usage.explore.reading.names import names_of
from usage.explore.reading.pieces import pieces_for
from usage.explore.reading.rolled import Rolled
from usage.explore.reading.sums.coverage import Coverage
from usage.explore.reading.sums.gathering import Gathering
from usage.explore.reading.sums.grouped import Column, columns_of, sums_of
from usage.explore.reading.sums.stretches import Laid, lay, watched
from usage.ledger.words import moment
from usage.models import AnnotationGroup, Facts


class Draft(Protocol):
    """The answer to one question as it comes: what is looked up, then what is read; the two steps."""

    asked: Asked

    @property
    def series(self) -> Iterable[SeriesId]:
        """The series that there may be, once all was looked up."""

    def look_up(self) -> Reading[None]:
        """Look up what is needed before anything is read by time."""

    def read(self) -> Reading[None]:
        """Read the rest."""

    def numbers(self) -> Numbers:
        """All of it."""


class Told:
    """What providers told, and beside it what raxdash ran where they tell nothing; `facts` are those of all
    meters.
    """

    def __init__(self, asked: Asked, most: int | None, facts: Facts) -> None:
        self.asked, self._facts = asked, facts
        self._gathering = Gathering(asked.by, asked.models, asked.instants, asked.metric)
        self._rolled = Rolled(asked, facts.days_zone, self._gathering, most)
        self._totals = Counter[str]()
        self._annotations: Sequence[AnnotationGroup] = ()
        self._sums: Sequence[Column] = ()

    @property
    def series(self) -> Iterable[SeriesId]:
        """The groups of the keys that are left."""
        return {group for part in self.asked.scope.parts for group in part.groups}

    def look_up(self) -> Reading[None]:
        """What raxdash ran itself, what was noted, and the sums of many series."""
        asked, gathering = self.asked, self._gathering
        is_mixed = self._facts.unmetered > 0
        self._totals, self._annotations, self._sums = yield from side_by_side(
            own.gather(asked, gathering, is_untold=True) if is_mixed else nothing(Counter[str]()),
            asked.annotations(),
            columns_of(self._rolled.sums()),
        )

    def read(self) -> Reading[None]:
        """Lay out stretches, and read the rollups."""
        asked, gathering = self.asked, self._gathering
        self._pieces = list(pieces_for(asked))
        self._laid = lay(self._pieces, asked.instants, asked.metrics)
        gathering.lay(self._laid[asked.metric])
        for metric in asked.others:
            gathering.sum_up(metric, self._laid[metric])
        self._rolled.take_sums(self._sums)
        self._rolled.take((yield from sums_of(self._rolled.statements())))

    def numbers(self) -> Numbers:
        """All of it."""
        asked, rolled, gathering = self.asked, self._rolled, self._gathering
        facts = asked.facts(self._facts)
        for quality, lengths in watched(self._pieces, asked.instants).items():
            for seen, length in zip(rolled.qualities, lengths, strict=True):
                seen[quality] += length
        coverage = Coverage.of(facts, asked.now)
        if asked.scope.is_filtered:
            coverage = coverage.narrowed(asked.scope, asked.team.zone)
            if not asked.scope.meter_ids:
                # That nothing is left is as sure as what is told of all.
                coverage = replace(coverage, as_of=Coverage.of(self._facts, asked.now).as_of)
        totals = Counter({kind: rolled.totals[kind] + self._totals[kind] for kind in asked.metrics})
        found = _numbers(asked, gathering, rolled.chosen, self._laid, totals, coverage, rolled.qualities)
        return replace(
            found,
            annotations=tuple(self._annotations),
            late_since=facts.late_since,
            untold=facts.untold,
            is_exact=not facts.inexact,
            meters=asked.scope.meter_ids if asked.scope.is_filtered else None,
            models=asked.admitted.kept(asked.models),
            is_whole=asked.scope.is_whole,
        )


class Own:
    """What raxdash itself ran: all of it is known."""

    def __init__(self, asked: Asked, most: int | None) -> None:
        self.asked, self._most = asked, most
        self._gathering = Gathering(asked.by, asked.models, asked.instants, asked.metric)
        self._totals = Counter[str]()

    @property
    def series(self) -> Iterable[SeriesId]:
        """What was used."""
        return self._gathering.sums

    def look_up(self) -> Reading[None]:
        """What raxdash ran."""
        self._totals = yield from own.gather(self.asked, self._gathering, is_untold=False)

    def read(self) -> Reading[None]:
        """Nothing more."""
        return nothing(None)

    def numbers(self) -> Numbers:
        """All of it."""
        asked, gathering = self.asked, self._gathering
        chosen = None if self._most is None else gathering.largest(self._most)
        laid, unseen = lay((), asked.instants, asked.metrics), [Counter[str]() for _ in gathering.used]
        return _numbers(asked, gathering, chosen, laid, self._totals, Coverage.own(asked.now), unseen)


def draft_of(asked: Asked, most: int | None, facts: Facts | None) -> Draft:
    """The answer to a question before anything is read; `facts` are those of all meters."""
    return Own(asked, most) if asked.is_own or facts is None else Told(asked, most, facts)


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
