"""What was used by key, model and price: the tokens of a question as an estimate of their cost asks for them.

Between two days on which some price changes all days have the same one. So tokens are summed from change to
change, which is to price each day by itself and then to add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import batched, pairwise
from typing import Any

from usage.explore.query.dimensions import Dimension
from usage.explore.query.spans import midnight
from usage.explore.reading import own
from usage.explore.reading.asked import Asked
from usage.explore.reading.gathering import Gathering
from usage.explore.reading.grouped import Statement, Wanted, fetch
from usage.explore.reading.local import INPUT
from usage.explore.reading.pieces import pieces_for
from usage.explore.reading.series import plain
from usage.explore.reading.source import Source
from usage.explore.reading.stretches import Block, lay
from usage.ledger import TOKENS
from usage.models import Facts
from usage.prices.pricing import PriceTable, Ran, Used

BY_KEY_AND_MODEL = (Dimension.KEY, Dimension.MODEL)
# A database takes no more statements as one.
MOST_TOGETHER = 100


@dataclass(frozen=True)
class Spending:
    """What a question is about, between the days on which a price of `table` changes."""

    asked: Asked
    facts: Facts
    is_own: bool

    @classmethod
    def of(cls, asked: Asked, facts: Facts, table: PriceTable) -> "Spending":
        """The same as a question, whatever it groups by."""
        start, end, zone = asked.edges[0], asked.edges[-1], asked.team.zone
        changes = (midnight(day, zone) for day in table.changes(asked.models.ids) if is_near(day, start, end))
        inside = dict.fromkeys(change for change in changes if start < change < end)
        narrowed = replace(asked.beside((start, *inside, end), BY_KEY_AND_MODEL), metric=TOKENS)
        return cls(narrowed, facts, asked.is_own)

    def used(self) -> Iterator[Used | Ran]:
        """What was used for certain, a few times for each key and model. Four queries at most."""
        if self.is_own:
            yield from self._ran()
            return
        yield from self._rolled()
        yield from self._in_stretches()
        if self.facts.unmetered:
            yield from self._ran()

    def _day(self, place: int) -> date:
        """The first day of a time without a change."""
        return self.asked.day_of(self.asked.instants[place])

    def _rolled(self) -> Iterator[Used]:
        """What providers told, of single keys."""
        asked, parts = self.asked, self.asked.scope.parts
        admitted = asked.admitted
        wanted = Wanted([TOKENS], admitted.sorted_names, admitted.left_out, by_time=False, by_model=True)
        for statements in batched(self._statements(wanted), MOST_TOGETHER, strict=False):
            for row in fetch(statements):
                place, part = divmod(row.place, len(parts))
                yield Used(parts[part].groups[0][0], row.model, self._day(place), row.amount)

    def _statements(self, wanted: Wanted) -> Iterator[Statement]:
        asked, parts = self.asked, self.asked.scope.parts
        for place, span in enumerate(pairwise(asked.instants)):
            source = Source.of(asked.team, span, self.facts.days_zone)
            placed = [(part, place * len(parts) + number) for number, part in enumerate(parts)]
            yield from source.of_parts(placed, wanted)

    def _in_stretches(self) -> Iterator[Used]:
        """What lies in stretches, but for those that only may fall into the time that is asked for."""
        laid = lay(pieces_for(self.asked), self.asked.instants, [TOKENS])[TOKENS]
        for (place, user), amount in laid.inside.items():
            yield Used(*_key_and_model(user), self._day(place), amount)
        for block in laid.blocks:
            if not block.is_cut:
                yield from self._of_block(block)

    def _of_block(self, block: Block) -> Iterator[Used]:
        """A stretch over a change of prices is parted there along a straight line."""
        instants, length = self.asked.instants, block.end - block.start
        for place in range(block.first, block.last + 1):
            since = max(instants[place], block.start) - block.start
            until = min(instants[place + 1], block.end) - block.start
            for user, amount in block.amounts.items():
                part = amount * until // length - amount * since // length
                yield Used(*_key_and_model(user), self._day(place), part)

    def _ran(self) -> Iterator[Ran]:
        """What raxdash itself ran: all of it, or what providers do not tell. Input and output are known."""
        read = own.read_all if self.is_own else own.read_untold
        amounts = []
        for metric in (TOKENS, INPUT):
            asked = replace(self.asked, metric=metric)
            gathering = Gathering(asked.by, asked.models, asked.instants)
            read(asked, gathering)
            amounts.append(gathering.amounts)
        tokens, inputs = amounts
        names = self.asked.models.names
        for (key, model), used in tokens.items():
            for place, (amount, read_in) in enumerate(zip(used, inputs[key, model], strict=True)):
                if amount:
                    yield Ran(plain(key), names[model], self._day(place), read_in, amount - read_in)


def _key_and_model(user: Any) -> tuple[str, str]:
    """Whose a stretch is, where keys are asked for: each is in one group, its own."""
    ((group,), model) = user
    return group[0], model


def is_near(day: date, start: datetime, end: datetime) -> bool:
    """Tell whether a day of some zone may lie between two instants; calendars end before others do."""
    return start.date().toordinal() - 2 <= day.toordinal() <= end.date().toordinal() + 2
