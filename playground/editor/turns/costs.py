"""What an answer is estimated to have cost by the team's own prices; no word where these price nothing."""

from decimal import Decimal
from functools import cached_property

from playground.models import Run
from teams.models import Team
from usage.prices.money import fine_money
from usage.prices.pricing import Rate
from usage.prices.tables import Prices, prices_of


class Costs:
    """The prices of a team for the runs of one page: asked for once, where an answer could have any."""

    def __init__(self, team: Team) -> None:
        self._team = team

    def words(self, run: Run) -> str:
        """What a run cost: `≈ 0.0002 EUR`; empty while it goes on, and where it was not sent or has no price.

        The price is that of the team's day on which the run ended, on which usage books it, too.
        """
        if run.finished_at is None or run.completion_tokens is None or run.stored_from:
            return ""
        rate = self._prices.table.on(run.model, run.finished_at.astimezone(self._team.zone).date())
        return f"≈ {fine_money(_cost(rate, run), self._prices.currency)}" if rate else ""

    @cached_property
    def _prices(self) -> Prices:
        return prices_of(self._team)


def _cost(rate: Rate, run: Run) -> Decimal:
    return rate.cost_of_run(run.prompt_tokens or 0, run.completion_tokens or 0)
