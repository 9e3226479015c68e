"""A question as the readings ask it: over which buckets, of which metric, by what, of whom, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Self

from common.database.together import Reading, nothing, side_by_side
from teams.models import Team
from usage.books.rollups.cohorts import SUMMED
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.reading.known import Known
from usage.explore.reading.periods.past import past_notes
from usage.explore.reading.scope.admitted import Admitted
from usage.explore.reading.scope.meter_rows import Alike, MeterRow
from usage.explore.reading.scope.scope import Part, Scope, scope_of
from usage.explore.reading.scope.series import DATED, OF_KEYS, SINGLE, Models
from usage.explore.reading.sums.grouped import Wanted
from usage.explore.reading.sums.source import local_date
from usage.ledger import METRICS
from usage.ledger.words import microseconds
from usage.models import Annotation, AnnotationGroup, Facts

# Where nobody asks for what is dated, days do not matter.
NO_DAYS = date.min, date.max


@dataclass(frozen=True)
class Asked:
    """What is asked of a team at `now`: a `metric` in the buckets between `edges`, by some dimensions, of
    what the filters leave. Attributes of keys are those of each day, or those of today. What stands beside
    another question has no annotations of its own; of one that is `alone` no other metric is told.
    """

    team: Team
    edges: tuple[datetime, ...]
    metric: str
    by: tuple[Dimension, ...]
    now: datetime
    filters: tuple[Filter, ...] = ()
    attributes_of_today: bool = False
    is_beside: bool = False
    is_alone: bool = False
    known: Known | None = field(default=None, compare=False, repr=False)

    def beside(self, edges: Sequence[datetime], by: Sequence[Dimension] | None = None) -> Self:
        """The same question of other buckets, or by other dimensions, that looks nothing up again."""
        return replace(self.over(edges), by=self.by if by is None else tuple(by), is_beside=True)

    def over(self, edges: Sequence[datetime]) -> Self:
        """The same question of other buckets."""
        return replace(self, edges=tuple(edges), known=self.lookups)

    @cached_property
    def lookups(self) -> Known:
        """What is known of the team."""
        return self.known or Known(self.team)

    @cached_property
    def instants(self) -> list[int]:
        """The edges in microseconds."""
        return [microseconds(edge) for edge in self.edges]

    @property
    def dimensions(self) -> set[Dimension]:
        """All that it groups or filters by."""
        return {*self.by, *(one.dimension for one in self.filters)}

    @property
    def is_own(self) -> bool:
        """Tell whether only raxdash's own ledger can answer."""
        return any(dimension.is_own for dimension in self.dimensions)

    @property
    def overlaps(self) -> bool:
        """Tell whether groups may have keys in common."""
        return any(dimension.overlaps for dimension in self.by)

    @property
    def asks_keys(self) -> bool:
        """Tell whether it matters which key used something."""
        return bool(OF_KEYS & self.dimensions)

    @property
    def tells_keys_apart(self) -> bool:
        """Tell whether each key is something of its own; by owners and the like some are one."""
        return self.is_own or not SINGLE.isdisjoint(self.dimensions)

    @property
    def metrics(self) -> list[str]:
        """The metrics that are summed in the same reading; the asked one comes first."""
        return [self.metric] if self.is_alone else list(dict.fromkeys([self.metric, *METRICS]))

    @property
    def others(self) -> list[str]:
        """The metrics whose sums by series are told beside the asked one's."""
        return [] if self.is_alone else [metric for metric in METRICS if metric != self.metric]

    def day_of(self, at: int) -> date:
        """The local day of an instant in microseconds."""
        return local_date(at, self.team.zone)

    @property
    def models(self) -> Models:
        """The team's models."""
        return self.lookups.models

    @cached_property
    def admitted(self) -> Admitted:
        """The models that the filters leave."""
        return Admitted.of(self.filters, self.models)

    def wanted(self, metrics: Sequence[str], *, by_time: bool = True, by_model: bool = False) -> Wanted:
        """Some metrics of the models that the filters leave, as rollups are asked for them."""
        names, left_out = self.admitted.sorted_names, self.admitted.left_out
        return Wanted(metrics, names, left_out, by_time=by_time, by_model=by_model)

    @property
    def days(self) -> tuple[date, date]:
        """The local days [first, last) that the edges lie in."""
        return self.day_of(self.instants[0]), self.day_of(self.instants[-1]) + timedelta(days=1)

    @property
    def today(self) -> date | None:
        """The day whose attributes count, where they are not those of each day."""
        return self.team.day_of(self.now) if self.attributes_of_today else None

    @cached_property
    def scope(self) -> Scope:
        """The meters that the filters leave, day by day. Two queries, none where it does not matter or was
        looked up before.
        """
        meters: Sequence[MeterRow | Alike] = ()
        if self.asks_keys:
            meters = self.lookups.meters if self.tells_keys_apart else self.lookups.alike
        days = self.days if DATED & self.dimensions else NO_DAYS
        place = self.by, self.filters, days, self.today
        if (known := self.lookups.scopes.get(place)) is None:
            known = scope_of(self.lookups.attributes, meters, *place)
            self.lookups.scopes[place] = known
        return known

    def parts_of(self, metric: str) -> Sequence[Part]:
        """The parts of the scope as a metric of them is read: of cohorts, where these are summed up."""
        return self._parts if metric in SUMMED else self.scope.parts

    @cached_property
    def _parts(self) -> Sequence[Part]:
        tells_keys_apart = not SINGLE.isdisjoint(self.by)
        return self.scope.parts if tells_keys_apart else self.lookups.settled.parts(self.scope.parts)

    @property
    def within(self) -> tuple[int, int]:
        """From when to when it asks, in microseconds."""
        return self.instants[0], self.instants[-1]

    def facts(self, facts: Facts) -> Facts:
        """What pages ask of the meters that filters leave: of all of them these are the `facts`."""
        return self.lookups.facts(self.scope.meter_ids, self.now) if self.scope.is_filtered else facts

    def annotations(self) -> Reading[Sequence[AnnotationGroup]]:
        """What the ledger noted of those meters within the edges. One step."""
        if self.is_beside:
            return ()
        notes, past = Annotation.objects.all(), self.lookups.past
        if self.scope.is_filtered:
            notes, past = notes.filter(meter_id__among=self.scope.meter_ids), None
        return (yield from past_notes(past, notes, self.team, self.edges[0], self.edges[-1]))


def look_up(questions: Sequence[Asked], *, has_unmetered: bool = False) -> Reading[None]:
    """Look up what the scopes of some questions of one team ask. One step, none where that is known. What
    raxdash ran is told by key, so each is looked up where some key's provider tells nothing.
    """
    known = questions[0].lookups
    dated = [one for one in questions if DATED & one.dimensions]
    days = [(one.today, one.today) if one.today else one.days for one in dated]
    spans = [one.days for one in dated]
    shown = (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None
    yield from side_by_side(
        _meters(questions, has_unmetered=has_unmetered),
        known.attributes.look_at(days) if days else nothing(None),
        known.look_up_settled(shown) if shown else nothing(None),
    )


def _meters(questions: Sequence[Asked], *, has_unmetered: bool) -> Reading[object]:
    """Look up the meters, each by itself where one of the questions tells keys apart."""
    known, asking = questions[0].lookups, [one for one in questions if one.asks_keys]
    if not asking:
        return nothing(())
    is_each = has_unmetered or any(one.tells_keys_apart for one in asking)
    return known.look_up_meters() if is_each else known.look_up_alike()
