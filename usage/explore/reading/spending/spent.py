"""What was used, key by key and model by model, as a tariff prices it: exactly, before anything is rounded.

Between two days on which some price changes all days have the same one. So what stands in rollups is summed
from change to change, or bucket by bucket, and priced then: which is to price each day by itself.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from common.database.together import Reading
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.query.spans import midnight
from usage.explore.reading import own
from usage.explore.reading.asked import Asked
from usage.explore.reading.local import INPUT
from usage.explore.reading.pieces import pieces_for
from usage.explore.reading.sums.gathering import Gathering
from usage.explore.reading.sums.grouped import Statement, Sum
from usage.explore.reading.sums.source import Source
from usage.explore.reading.sums.stretches import Laid, Piece, lay, line_of, place_of, straight
from usage.ledger import COST, TOKENS
from usage.models import Facts
from usage.prices.coins import finest
from usage.prices.pricing import Ran, Used
from usage.prices.tariffs import Tariff

# The series of a key and a model: one, but for labels. What such a line used is rounded as one.
type Line = tuple[SeriesId, ...]


class Spending:
    """What a question is about, priced in the finest place: `used` are its lines, still as tokens; `placed`
    is {series: {bucket: amount}} of what is known by time, and `once` and `each` what all of it comes to by
    bucket, where a line counts once, or in each of its series; `laid` is, by line, what lies in stretches
    that are longer than a bucket.
    """

    def __init__(self, asked: Asked, facts: Facts, tariff: Tariff) -> None:
        self.asked, self.tariff, self.facts = asked, tariff, facts
        self.used: list[Used | Ran] = []
        self.placed: dict[SeriesId, Counter[int]] = defaultdict(Counter)
        self.once, self.each = Counter[int](), Counter[int]()
        start, end, zone = asked.edges[0], asked.edges[-1], asked.team.zone
        days = [day for day in tariff.table.changes(asked.models.ids) if is_near(day, start, end)]
        changes = [change for day in days if start < (change := midnight(day, zone)) < end]
        lines = by_lines(asked)
        self._priced = replace(lines.beside(sorted({start, *changes, end})), metric=tariff.metric)
        # Between two of these all days have one price, and all of it lies in one bucket.
        self._fine = self._priced.over(sorted({*asked.edges, *changes}))
        self._days = [asked.day_of(instant) for instant in self._fine.instants[:-1]]
        self._names = Gathering(lines.by, asked.models, asked.instants)
        self._groups = list(dict.fromkeys(part.groups for part in self._priced.scope.parts))
        self.laid = Laid()

    def statements(self) -> Iterator[Statement]:
        """What rollups are asked: the sums of each key and model between changes of prices."""
        if self.asked.is_own:
            return
        asked, places = self._priced, {groups: place for place, groups in enumerate(self._groups)}
        wanted = asked.wanted([self.tariff.metric], by_time=False, by_model=True)
        for number, span in enumerate(pairwise(asked.instants)):
            first = number * len(self._groups)
            placed = [(part, first + places[part.groups]) for part in asked.scope.parts]
            yield from Source.of(asked.team, span, self.facts.days_zone).of_parts(placed, wanted)

    def take(self, rows: Iterable[Sum]) -> None:
        """Take the answer to these."""
        for row in rows:
            number, place = divmod(row.place, len(self._groups))
            day = self._priced.day_of(self._priced.instants[number])
            self.used.append(Used(self._line(self._groups[place], row.model), row.model, day, row.amount))

    @property
    def source(self) -> Source:
        """Where the same stands by time."""
        return Source.of(self.asked.team, self._fine.instants, self.facts.days_zone)

    def cost_at(self, at: int, model: str, amount: int) -> tuple[int, int]:
        """In which bucket an instant lies, and what so much of a model cost then."""
        place = min(max(bisect_right(self._fine.instants, at) - 1, 0), len(self._days) - 1)
        return self._names.place(at), self.tariff.cost(model, self._days[place], amount)

    def series_of(self, line: Line) -> Line:
        """The series of the question that a line counts in."""
        return tuple(series[: len(self.asked.by)] for series in line)

    def place(self, series: Line, bucket: int, cost: int) -> None:
        """Count what something cost in a bucket."""
        self.once[bucket] += cost
        for one in series:
            self.placed[one][bucket] += cost
            self.each[bucket] += cost

    def _line(self, groups: Iterable[SeriesId], model: str) -> Line:
        return tuple(self._names.series(group, model) for group in groups)

    def lay_stretches(self) -> None:
        """Price stretches: those that lie in buckets are placed there, the others laid over them. What only
        raxdash knows lies in none.
        """
        edges, longer = self.asked.instants, []
        for piece in () if self.asked.is_own else pieces_for(self._fine):
            used = piece.amounts.get(self.tariff.metric)
            if not used or not any(used.values()):
                continue
            place = place_of(edges, piece.start, piece.end, piece.quality)
            if piece.is_part or place[-1]:
                longer.append(piece._replace(amounts={COST: self._at_most(piece, used)}))
            elif line_of(edges, place, piece.start, piece.end) is None:
                longer.append(piece._replace(amounts={COST: self._as_block(piece, used)}))
            else:
                for at, line, cost in self._parted(piece, used):
                    self.place(self.series_of(line), self._names.place(at), cost)
        self.laid = lay(longer, edges, [COST])[COST]

    def _parted(self, piece: Piece, used: Mapping[Any, int]) -> Iterator[tuple[int, Line, int]]:
        """A stretch along a straight line, parted where prices change: (instant, line, what a part cost)."""
        edges, parts = self._fine.instants, Laid()
        first, last, *_ = place_of(edges, piece.start, piece.end, piece.quality)
        parts.part(straight(edges, first, last, piece.start, piece.end), used)
        for (place, (groups, model)), amount in parts.inside.items():
            line = self._line(groups, model)
            self.used.append(Used(line, model, self._days[place], amount))
            yield edges[place], line, self.tariff.cost(model, self._days[place], amount)

    def _as_block(self, piece: Piece, used: Mapping[Any, int]) -> dict[Line, int]:
        """What all of a stretch cost."""
        costs = Counter[Line]()
        for _, line, cost in self._parted(piece, used):
            costs[line] += cost
        return costs

    def _at_most(self, piece: Piece, used: Mapping[Any, int]) -> dict[Line, int]:
        """What a stretch that is cut cost at most: all of it may have been used on the dearest day."""
        first, last, *_ = place_of(self._fine.instants, piece.start, piece.end, piece.quality)
        days, costs = self._days[first : last + 1], Counter[Line]()
        for (groups, model), amount in used.items():
            costs[self._line(groups, model)] += self.tariff.most(model, days, amount)
        return costs

    def take_runs(self) -> Reading[None]:
        """What raxdash itself ran: all of it, or what providers do not tell. Input and output are known. One
        step, none where there is none of it.
        """
        is_own = self.asked.is_own
        if not is_own and not (self.facts.unmetered and self.tariff.is_estimate):
            return
        for row, series in (yield from own.counted(self._fine, self._names, is_untold=not is_own)):
            read, day, line = row.amounts[INPUT], self.asked.day_of(row.start), tuple(series)
            ran = Ran(line, row.model, day, read, row.amounts[TOKENS] - read)
            self.used.append(ran)
            if rate := self.tariff.table.on(row.model, day):
                self.place(self.series_of(line), self._names.place(row.start), finest(ran.cost(rate)))


def by_lines(asked: Asked) -> Asked:
    """The same question by what is priced as one: its groups, keys and models."""
    by = tuple(dict.fromkeys((*asked.by, Dimension.KEY, Dimension.MODEL)))
    return asked.beside(asked.edges, by)


def is_near(day: date, start: datetime, end: datetime) -> bool:
    """Tell whether a day of some zone may lie between two instants; calendars end before others do."""
    return start.date().toordinal() - 2 <= day.toordinal() <= end.date().toordinal() + 2
