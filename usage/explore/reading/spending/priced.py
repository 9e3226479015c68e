"""Several questions answered at once, with what they cost where that is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.database.together import Reading
from usage.explore.reading.numbers import Numbers, Question, answering
from usage.explore.reading.spending.costed import Costed
from usage.models import Facts
from usage.prices.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class Pricing:
    """How the questions of a page are answered: by a `tariff`, if there is one. With `is_shown` cost is what
    its bars count, else a sum beside them.
    """

    facts: Facts
    tariff: Tariff | None = None
    is_shown: bool = False

    def answers(
        self, questions: Sequence[Question], behind: Sequence[Question] = ()
    ) -> Reading[list[Numbers]]:
        """The numbers of all questions, those `behind` without a cost unless it is shown. As many steps as
        they have without one.
        """
        asked = [*questions, *behind]
        if self.tariff is None:
            return (yield from answering(asked, self.facts))
        costs = [
            Costed(each, self.tariff, self.facts, most, by_time=self.is_shown)
            for each, most in (asked if self.is_shown else questions)
        ]
        # Where the cost is drawn, the sums alone are told of what is priced.
        told = [(each, 0) for each, _ in asked] if self.is_shown else asked
        found = yield from answering(told, self.facts, costs)
        return [*(cost.of(each) for cost, each in zip(costs, found, strict=False)), *found[len(costs) :]]
