"""What rollups hold of a question: of the whole team's where nothing asks for keys, else of single keys'.

Where there are many series their sums are read first, and then the largest alone by time, in one statement
with what is asked of all of them together. So no page reads each of 2,000 series by day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading.asked import Asked
from usage.explore.reading.scope.series import REST
from usage.explore.reading.sums.gathering import Gathering
from usage.explore.reading.sums.grouped import Column, Statement, Sum, Wanted
from usage.explore.reading.sums.source import Source
from usage.ledger import COVERAGE

# Of no more series all are read by time at once.
MOST_AT_ONCE = 40
# Places that are no group: what all have together, each token once; all groups, where they overlap; and the
# series of the team, where no key is asked for.
TOGETHER, OVERLAPPING, TEAM = -1, -2, -3


class Rolled:
    """The rollups of one question, taken into its gathering. `qualities` are {quality: microseconds} by
    bucket, `totals` the sums of all metrics, `chosen` the `most` series that stand by themselves, None for
    all. What it asks is told as statements, so that several questions are one query. What is not told by
    time is read from days where these lie within, however short the buckets are.
    """

    def __init__(self, asked: Asked, days_zone: str | None, gathering: Gathering, most: int | None) -> None:
        self._asked, self._gathering = asked, gathering
        self._source = Source.of(asked.team, asked.instants, days_zone)
        self._whole = Source.of(asked.team, asked.within, days_zone)
        self.qualities: list[Counter[str]] = [Counter() for _ in range(gathering.count)]
        self.totals: Counter[str] = Counter()
        self._by_model = Dimension.MODEL in asked.by
        self._parts = asked.parts_of(asked.metric) if asked.asks_keys else ()
        # Keys of the same groups have one place, however many groups that are.
        self._groups = list(dict.fromkeys(part.groups for part in self._parts))
        places = {groups: place for place, groups in enumerate(self._groups)}
        self._placed = [(part, places[part.groups]) for part in self._parts]
        # Of all series, and of those that are read by time.
        self._all, self._drawn = [0] * gathering.count, [0] * gathering.count
        self._most = most
        self._known: dict[str, Mapping[int, Sequence[SeriesId]]] = {}
        # A day has a row of each series.
        self._buckets: dict[date | int, int] = {}
        self.chosen: set[SeriesId] | None = None

    @property
    def _is_ranked(self) -> bool:
        """Tell whether the largest series are to be found first."""
        return self._most is not None and self._count > MOST_AT_ONCE

    def sums(self) -> Iterator[Statement]:
        """What is asked first: the sums of all series, where they are many."""
        if self._is_ranked:
            yield from self._by_series(self._summed([self._asked.metric, *self._asked.others]))

    def take_sums(self, columns: Iterable[Column]) -> None:
        """Take the answer to that."""
        # There are thousands of series.
        for metric, model, places, amounts in columns:
            sums, series_at = self._gathering.sums_of[metric], self._series_of(model)
            for place, amount in zip(places, amounts, strict=True):
                for series in series_at[place]:
                    sums[series] = sums.get(series, 0) + amount
        if self._most is not None and self._is_ranked:
            self.chosen = self._gathering.largest(self._most)

    def take(self, rows: Iterable[Sum]) -> None:
        """Take the answer to all other `statements`; then it is known which series are `chosen`."""
        for row in rows:
            self._take(row, self.chosen)
        if self._is_ranked:
            rest = self._gathering.amounts[REST]
            for place, (everything, drawn) in enumerate(zip(self._all, self._drawn, strict=True)):
                rest[place] += everything - drawn
        elif self._most is not None:
            self.chosen = self._gathering.largest(self._most)

    @property
    def _count(self) -> int:
        """How many series there may be."""
        models = len(self._asked.models.names) if self._by_model else 1
        return models * (len(set().union(*self._groups)) if self._asked.asks_keys else 1)

    def _series(self, place: int, model: str) -> Sequence[SeriesId]:
        return self._series_of(model)[place]

    def _series_of(self, model: str) -> Mapping[int, Sequence[SeriesId]]:
        """The series of a model at each place: each of thousands is told of several times."""
        if (known := self._known.get(model)) is None:
            series = self._gathering.series_of_model(model)
            known = {place: list(map(series, groups)) for place, groups in enumerate(self._groups)}
            known |= {place: [series(())] for place in (TOGETHER, OVERLAPPING, TEAM)}
            self._known[model] = known
        return known

    def _summed(self, metrics: Sequence[str]) -> Wanted:
        """The sums of some metrics, as their series are told apart."""
        return self._asked.wanted(metrics, by_time=False, by_model=self._by_model)

    def _by_series(self, wanted: Wanted, chosen: set[SeriesId] | None = None) -> Iterator[Statement]:
        source = self._source_of(wanted)
        if not self._asked.asks_keys:
            yield from source.of_team(self._asked.team, wanted, TEAM)
            return
        left = None if chosen is None else self._groups_of(chosen)
        places = {
            place for place, groups in enumerate(self._groups) if left is None or not left.isdisjoint(groups)
        }
        yield from source.of_parts([pair for pair in self._placed if pair[1] in places], wanted)

    def _source_of(self, wanted: Wanted) -> Source:
        """Where something stands."""
        return self._source if wanted.by_time else self._whole

    def _groups_of(self, chosen: set[SeriesId]) -> set[SeriesId]:
        """The groups of which a series is drawn, whatever its model."""
        if not self._by_model:
            return chosen
        place = self._asked.by.index(Dimension.MODEL)
        return {(*one[:place], "", *one[place + 1 :]) for one in chosen}

    def statements(self) -> Iterator[Statement]:
        """What is read by time, and what all of it together is."""
        asked, chosen = self._asked, self.chosen
        together = asked.wanted([asked.metric])
        wanted = asked.wanted([asked.metric], by_model=self._by_model)
        if chosen is not None and self._by_model:
            wanted = Wanted(wanted.metrics, self._models_of(chosen), by_model=True)
        yield from self._by_series(wanted, chosen)
        if chosen is None and asked.others:
            yield from self._by_series(self._summed(asked.others))
        if chosen is not None or (asked.asks_keys and not self._adds_up):
            yield from self._together(together)
        if chosen is not None and self._asked.overlaps:
            placed = [(part, OVERLAPPING) for part in self._parts for _ in part.groups]
            yield from self._source.of_parts(placed, together)
        yield from self._together(Wanted([COVERAGE], by_model=True))
        others = [metric for metric in asked.metrics if metric != asked.metric]
        if others and not self._adds_up:
            yield from self._together(asked.wanted(others, by_time=False))

    @property
    def _adds_up(self) -> bool:
        """Tell whether what all together used is no more than what is read of each anyway."""
        return self.chosen is None and self._asked.asks_keys and self._asked.scope.is_filtered

    def _models_of(self, chosen: set[SeriesId]) -> list[str]:
        place = self._asked.by.index(Dimension.MODEL)
        names = self._asked.models.names
        return sorted({names[series[place]] for series in chosen if series[place] in names})

    def _together(self, wanted: Wanted) -> Iterator[Statement]:
        """What all that the filters leave used; the team's own sums where they leave everything."""
        if self._asked.scope.is_filtered:
            each = [(part, TOGETHER) for part in self._parts]
            return self._source_of(wanted).of_parts(each, wanted)
        return self._source_of(wanted).of_team(self._asked.team, wanted, TOGETHER)

    def _take(self, row: Sum, chosen: set[SeriesId] | None) -> None:
        place, on, metric, model, amount = row
        if on is None:
            if place in (TOGETHER, OVERLAPPING):
                self.totals[metric] += amount
            else:
                self._sum(row)
                self.totals[metric] += amount if self._adds_up else 0
            return
        if (bucket := self._buckets.get(on)) is None:
            bucket = self._buckets[on] = self._gathering.place(self._source.start(on))
        if metric == COVERAGE:
            self.qualities[bucket][model] += amount
            return
        is_all = self._adds_up or (place == TEAM and chosen is None)
        if place >= 0 or place == TEAM:
            for series in self._series(place, model):
                self._draw(series, bucket, amount, chosen)
        if place == TOGETHER or is_all:
            self.totals[metric] += amount
            self._gathering.used[bucket] += amount
        if place == OVERLAPPING or (place == TOGETHER and not self._asked.overlaps):
            self._all[bucket] += amount

    def _sum(self, row: Sum) -> None:
        """Count what a series used in all of the time."""
        sums = self._gathering.sums_of[row.metric]
        for series in self._series(row.place, row.model):
            sums[series] += row.amount

    def _draw(self, series: SeriesId, bucket: int, amount: int, chosen: set[SeriesId] | None) -> None:
        """Count what a series used; where the sums were read before, these have it already."""
        if chosen is None:
            self._gathering.sums[series] += amount
        if chosen is None or series in chosen:
            self._gathering.amounts[series][bucket] += amount
            self._drawn[bucket] += amount
