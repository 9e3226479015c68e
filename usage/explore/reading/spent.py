"""What was used by model and price: the tokens of a question as an estimate of their cost asks for them.

Between two days on which some price changes all days have the same one. So tokens are summed from change to
change, which is to price each day by itself and then to add up.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import batched, pairwise
from typing import Any

from common.together import Reading, nothing, side_by_side
from usage.explore.query.spans import midnight
from usage.explore.reading import own
from usage.explore.reading.asked import Asked
from usage.explore.reading.gathering import Gathering
from usage.explore.reading.grouped import Statement, Wanted, sums_of
from usage.explore.reading.local import INPUT
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.pieces import pieces_for
from usage.explore.reading.series import BY_MODEL, plain
from usage.explore.reading.source import Source
from usage.explore.reading.stretches import lay, straight
from usage.ledger import TOKENS
from usage.models import Facts
from usage.prices.pricing import PriceTable, Ran, Used

# A database takes no more statements as one.
MOST_TOGETHER = 100
# All keys of a model are one line.
ALL_KEYS = ""


@dataclass(frozen=True)
class Spending:
    """What a question is about, between the days on which a price changes; `numbers` are those of the same
    question without these days.
    """

    asked: Asked
    facts: Facts
    numbers: Numbers
    is_own: bool

    @classmethod
    def of(cls, asked: Asked, facts: Facts, numbers: Numbers, table: PriceTable) -> "Spending":
        """The same as a question, whatever it groups by."""
        start, end, zone = asked.edges[0], asked.edges[-1], asked.team.zone
        changes = (midnight(day, zone) for day in table.changes(asked.models.ids) if is_near(day, start, end))
        inside = dict.fromkeys(change for change in changes if start < change < end)
        narrowed = replace(asked.beside((start, *inside, end), BY_MODEL), metric=TOKENS)
        return cls(narrowed, facts, numbers, asked.is_own)

    def used(self) -> Reading[list[Used | Ran]]:
        """What was used for certain, a few times for each model. One step, and none where numbers by model
        tell it.
        """
        if self.is_own:
            return list((yield from self._ran()))
        if self._is_read:
            return list(self._sums())
        rolled, ran = yield from side_by_side(
            self._rolled(), self._ran() if self.facts.unmetered else nothing(())
        )
        return [*rolled, *self._in_stretches(), *ran]

    @property
    def _is_read(self) -> bool:
        """Tell whether sums by model, all of which have one price, are at hand."""
        is_by_model = self.numbers.by == BY_MODEL and self.numbers.metric == TOKENS
        return is_by_model and len(self._days) == 1 and not self.facts.unmetered

    def _sums(self) -> Iterator[Used]:
        for (model,), amount in self.numbers.sums.items():
            yield Used(ALL_KEYS, self.asked.models.names[model], self._days[0], amount)

    @cached_property
    def _days(self) -> list[date]:
        """The first day of each time without a change."""
        return [self.asked.day_of(instant) for instant in self.asked.instants[:-1]]

    def _rolled(self) -> Reading[Sequence[Used]]:
        """What providers told."""
        wanted = self.asked.wanted([TOKENS], by_time=False, by_model=True)
        parts = batched(self._statements(wanted), MOST_TOGETHER, strict=False)
        found = yield from side_by_side(*map(sums_of, parts))
        return [
            Used(ALL_KEYS, row.model, self._days[row.place], row.amount) for rows in found for row in rows
        ]

    def _statements(self, wanted: Wanted) -> Iterator[Statement]:
        """All of the team's sums, or those of the keys that are left."""
        asked = self.asked
        for place, span in enumerate(pairwise(asked.instants)):
            source = Source.of(asked.team, span, self.facts.days_zone)
            if asked.scope.is_filtered:
                yield from source.of_parts([(part, place) for part in asked.scope.parts], wanted)
            else:
                yield from source.of_team(asked.team, wanted, place)

    def _in_stretches(self) -> Iterator[Used]:
        """What lies in stretches, but for those that only may fall into the time that is asked for. One over
        a change of prices is parted there along a straight line.
        """
        instants = self.asked.instants
        laid = lay(pieces_for(self.asked), instants, [TOKENS])[TOKENS]
        for block in laid.blocks:
            if not block.is_cut:
                line = straight(instants, block.first, block.last, block.start, block.end)
                laid.part(line, block.amounts)
        for (place, user), amount in laid.inside.items():
            yield Used(ALL_KEYS, _model(user), self._days[place], amount)

    def _ran(self) -> Reading[Sequence[Ran]]:
        """What raxdash itself ran: all of it, or what providers do not tell. Input and output are known."""
        asked = self.asked
        gathering = Gathering(asked.by, asked.models, asked.instants)
        tokens: Counter[tuple[str, int]] = Counter()
        inputs: Counter[tuple[str, int]] = Counter()
        for row, series in (yield from own.counted(asked, gathering, is_untold=not self.is_own)):
            for (model,) in series:
                line = plain(model), gathering.place(row.start)
                tokens[line] += row.amounts[TOKENS]
                inputs[line] += row.amounts[INPUT]
        return [
            Ran(
                ALL_KEYS,
                asked.models.names[model],
                self._days[place],
                inputs[model, place],
                amount - inputs[model, place],
            )
            for (model, place), amount in tokens.items()
            if amount
        ]


def _model(user: Any) -> str:
    """Of which model a stretch is, whether keys are asked for or not."""
    name: str = user if isinstance(user, str) else user[1]
    return name


def is_near(day: date, start: datetime, end: datetime) -> bool:
    """Tell whether a day of some zone may lie between two instants; calendars end before others do."""
    return start.date().toordinal() - 2 <= day.toordinal() <= end.date().toordinal() + 2
