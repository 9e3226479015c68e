"""The numbers of a question with what all of it cost, in the coins of one currency.

How time was seen is told by the same numbers of what is priced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import batched

from common.database.together import Reading, side_by_side
from usage.explore.reading.asked import Asked
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.spending.in_coins import InCoins
from usage.explore.reading.spending.spent import Spending, by_lines
from usage.explore.reading.spending.spent_by_time import ByTime
from usage.explore.reading.sums.grouped import Statement, Sum, sums_of
from usage.ledger import COST
from usage.models import Facts
from usage.prices.tariffs import Tariff

# A database takes no more statements as one.
MOST_TOGETHER = 100


class Costed:
    """What a question costs: `by_time` with its `most` largest series by themselves, all where that is None;
    or else its sums alone, of which nothing is drawn. It is read in the steps of other answers.
    """

    def __init__(
        self, asked: Asked, tariff: Tariff, facts: Facts, most: int | None = None, *, by_time: bool = False
    ) -> None:
        self.asked = by_lines(asked)
        self._question, self._tariff, self._facts = asked, tariff, facts
        self._most, self._is_by_time = most, by_time
        self._sums: Sequence[Sum] = ()

    def look_up(self) -> Reading[None]:
        """What raxdash ran, and where the largest series have to be known first, the sums."""
        self._spending = spending = Spending(self._question, self._facts, self._tariff)
        self._by_time = ByTime(spending)
        self._in_coins = InCoins(spending, len(self._question.edges) - 1, self._most)
        self._is_large = self._is_by_time and bool(self._most) and self._by_time.is_large
        _, self._sums = yield from side_by_side(
            spending.take_runs(), all_sums(spending.statements() if self._is_large else ())
        )

    def read(self) -> Reading[None]:
        """All else: stretches, the sums, and by time every series, the largest, or all together."""
        spending = self._spending
        spending.lay_stretches()
        if self._is_large:
            spending.take(self._sums)
            self._by_time.take((yield from all_sums(self._statements())), is_all=False)
            return
        sums, times = yield from side_by_side(all_sums(spending.statements()), all_sums(self._statements()))
        spending.take(sums)
        self._by_time.take(times, is_all=self._most != 0)

    def _statements(self) -> Iterable[Statement]:
        if self._is_large:
            return self._by_time.statements(self._in_coins.named)
        if self._is_by_time:
            return self._by_time.statements(() if self._most == 0 else None)
        return ()

    def of(self, told: Numbers) -> Numbers:
        """The numbers of what is priced, with their cost; where it is by time, it stands in their place."""
        cost = self._in_coins
        is_untold = self._tariff.is_untold(told.untold)
        found = replace(
            told,
            totals={**told.totals, COST: cost.total},
            more={**told.more, COST: cost.more},
            sums_of={**told.sums_of, COST: cost.sums},
            more_of={**told.more_of, COST: cost.cut},
            units={**told.units, COST: self._tariff.unit},
            untold=told.untold | {COST} if is_untold else told.untold,
            priced=cost.priced,
            traces=cost.traces(by_time=self._is_by_time),
        )
        if not self._is_by_time:
            return found
        return replace(
            found,
            metric=COST,
            amounts=cost.amounts,
            used=cost.used,
            blocks=tuple(cost.blocks),
        )


def all_sums(statements: Iterable[Statement]) -> Reading[list[Sum]]:
    """The sums of however many statements, in one step."""
    found = yield from side_by_side(*map(sums_of, batched(statements, MOST_TOGETHER, strict=False)))
    return [row for rows in found for row in rows]
