"""What a question is answered with: amounts by series and bucket, and how sure each of them is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from usage.claims import COUNT, Unit
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.query.measures import Measure
from usage.explore.reading.names import Names
from usage.explore.reading.sums.stretches import Block
from usage.ledger import Quality
from usage.ledger.words import microseconds
from usage.models import AnnotationGroup
from usage.prices.pricing import Estimate


@dataclass(frozen=True, slots=True)
class Traces:
    """What comes to no coin, and is something all the same: which coins it does not reach. All together,
    `of` a series, and of a series `at` a bucket.
    """

    total: int = 0
    of: Mapping[SeriesId, int] = field(default_factory=dict)
    at: Mapping[SeriesId, Mapping[int, int]] = field(default_factory=dict)


NO_TRACES = Traces()


@dataclass(frozen=True)
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
    leave, None for all; with `is_whole` each meter that is left counts in all of the span. `units` are those
    of metrics of which one is not a count; where there is a cost, `priced` says what is in it, and `traces`
    what of it is less than a coin.
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
    units: Mapping[str, Unit] = field(default_factory=dict)
    priced: Estimate | None = None
    traces: Traces = NO_TRACES

    @property
    def metrics(self) -> Sequence[str]:
        """All that is summed."""
        return list(self.totals)

    @property
    def unit(self) -> Unit:
        """What the asked metric is counted in."""
        return self.unit_of(self.metric)

    def unit_of(self, metric: str) -> Unit:
        """What a metric is counted in."""
        return self.units.get(metric, COUNT)

    @property
    def is_unpriced(self) -> bool:
        """Tell whether a cost is asked for, and nothing that was used has a price."""
        return self.priced is not None and not self.priced.lines and bool(self.priced.without)

    def is_by_series(self, metric: str) -> bool:
        """Tell whether the sums of a metric are known by series."""
        return Measure(metric).is_by_series(self.by, self.unit_of(metric))

    @property
    def total(self) -> int:
        """The certain sum of all buckets and blocks of all series."""
        return self.totals[self.metric]

    @property
    def sums(self) -> Mapping[SeriesId, int]:
        """The certain sums of the asked metric by series."""
        return self.sums_of[self.metric]

    @property
    def is_of_no_key(self) -> bool:
        """Tell whether the filters leave no key at any time."""
        return bool(self.empty) and all(self.empty)

    @property
    def overlaps(self) -> bool:
        """Tell whether groups may have keys in common, so that they need not sum to the total."""
        return any(dimension.overlaps for dimension in self.by)

    @cached_property
    def seen(self) -> Counter[str]:
        """How much time of each quality there is in all buckets together, in microseconds over all keys."""
        seen: Counter[str] = Counter()
        for qualities in self.qualities:
            seen.update(qualities)
        return seen

    @property
    def measured_share(self) -> float | None:
        """The part of the time watched that was measured, 0 to 1; None where there is none."""
        seen = self.seen
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
