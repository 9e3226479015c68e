"""What rollups hold of a question by time, priced: of all series, or of the largest and all together."""

from collections.abc import Collection, Iterable, Iterator

from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading.rolled import OVERLAPPING, TEAM, TOGETHER
from usage.explore.reading.spending.spent import Spending
from usage.explore.reading.sums.gathering import Gathering
from usage.explore.reading.sums.grouped import Statement, Sum

# Of more series the largest alone are read by time.
MOST_AT_ONCE = 200


class ByTime:
    """What is read by time of a spending, and taken into it."""

    def __init__(self, spending: Spending) -> None:
        asked = spending.asked
        self._spending, self._asked, self._source = spending, asked, spending.source
        self._names = Gathering(asked.by, asked.models, asked.instants)
        self._parts = asked.parts_of(spending.tariff.metric) if asked.asks_keys else ()
        self._groups = list(dict.fromkeys(part.groups for part in self._parts))

    @property
    def is_large(self) -> bool:
        """Tell whether there are too many series to read each by time."""
        return len(self._groups) * len(self._asked.models.names) > MOST_AT_ONCE

    def statements(self, chosen: Collection[SeriesId] | None) -> Iterator[Statement]:
        """What rollups are asked: `chosen` series and all together, or all of them where that is None."""
        asked = self._asked
        if asked.is_own:
            return
        wanted = asked.wanted([self._spending.tariff.metric], by_model=True)
        if not asked.asks_keys:
            yield from self._source.of_team(asked.team, wanted, TEAM)
            return
        places = {
            groups: place
            for place, groups in enumerate(self._groups)
            if chosen is None or any(self._is_of(group, chosen) for group in groups)
        }
        each = [(part, places[part.groups]) for part in self._parts if part.groups in places]
        yield from self._source.of_parts(each, wanted)
        if chosen is not None:
            yield from self._source.of_parts([(part, TOGETHER) for part in self._parts], wanted)
        if chosen is not None and self._asked.overlaps:
            placed = [(part, OVERLAPPING) for part in self._parts for _ in part.groups]
            yield from self._source.of_parts(placed, wanted)

    def _is_of(self, group: SeriesId, chosen: Collection[SeriesId]) -> bool:
        if Dimension.MODEL not in self._asked.by:
            return group in chosen
        place = self._asked.by.index(Dimension.MODEL)
        return any((*one[:place], "", *one[place + 1 :]) == group for one in chosen)

    def take(self, rows: Iterable[Sum], *, is_all: bool) -> None:
        """Take the answer; `is_all` where every series was asked for."""
        spending = self._spending
        for row in rows:
            assert row.on is not None  # noqa: S101  it is asked by time
            bucket, cost = spending.cost_at(self._source.start(row.on), row.model, row.amount)
            if row.place in (TOGETHER, OVERLAPPING):
                if row.place == TOGETHER:
                    spending.once[bucket] += cost
                if row.place == OVERLAPPING or not self._asked.overlaps:
                    spending.each[bucket] += cost
                continue
            groups = self._groups[row.place] if row.place >= 0 else ((),)
            series = tuple(self._names.series(group, row.model) for group in groups)
            if is_all or row.place == TEAM:
                spending.place(series, bucket, cost)
            else:
                for one in series:
                    spending.placed[one][bucket] += cost
