"""How many tokens a team used of each model a week: by the numbers of the usage page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from common.database.together import Reading
from teams.models import Team
from usage.bars import Bar, Bars
from usage.claims import TO_COME, UNKNOWN, Amount, claimed
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.query.periods import Unit
from usage.explore.query.team_time import TeamTime, unit_after
from usage.explore.reading.numbers import BY_MODEL, Asked, Numbers, answering
from usage.explore.reading.scope.series import plain
from usage.explore.sheet.certainty import seen_in
from usage.ledger import TOKENS

WEEKS = 12
# The picture of the weeks: so wide and so high.
WIDTH, HEIGHT = 96, 24


@dataclass(frozen=True, slots=True)
class Weeks:
    """What was used of one model in each of the last weeks, the running one included, the oldest first."""

    starts: Sequence[date]
    amounts: Sequence[Amount]

    @property
    def last(self) -> Amount:
        """The last whole week."""
        return self.amounts[-2]

    @property
    def running(self) -> Amount:
        """The week that goes on, so far."""
        return self.amounts[-1]

    @property
    def has_any(self) -> bool:
        """Tell whether anything was used."""
        return any(amount.certain for amount in self.amounts)

    @property
    def picture(self) -> Bars:
        """The weeks as bars."""
        last = len(self.amounts) - 1
        bars = [Bar(amount, is_now=place == last) for place, amount in enumerate(self.amounts)]
        return Bars(bars, WIDTH, HEIGHT)


@dataclass(frozen=True, slots=True)
class WeeksOf:
    """The weeks of all models of a team, by name."""

    starts: Sequence[date]
    amounts: Mapping[str, Sequence[Amount]]
    otherwise: Sequence[Amount]

    def of(self, model: str) -> Weeks:
        """Those of one model; of one that was never used, none, as far as time was seen."""
        return Weeks(self.starts, self.amounts.get(model, self.otherwise))


def week_starts(time: TeamTime) -> list[date]:
    """The first days of the last weeks, the running one included, and of the next one."""
    running = time.unit_start(Unit.WEEK, time.today)
    return [unit_after(Unit.WEEK, running, count) for count in range(1 - WEEKS, 2)]


def reading_weeks(team: Team, now: datetime) -> Reading[WeeksOf]:
    """What a team used of each model in the last weeks; four steps."""
    time = TeamTime(team.zone, now, team.week_start)
    days = week_starts(time)
    starts = days[:-1]
    edges = tuple(map(time.midnight, days))
    (numbers,) = yield from answering([(Asked(team, edges, TOKENS, BY_MODEL, now), None)])
    names = {value: name for (of, value), name in numbers.names.found.items() if of == Dimension.MODEL}
    series: dict[str, list[SeriesId]] = {}
    for one in {*numbers.amounts, *(name for block in numbers.blocks for name in block.amounts)}:
        if name := names.get(plain(one[0])):
            series.setdefault(name, []).append(one)
    amounts = {name: _amounts(numbers, some) for name, some in series.items()}
    return WeeksOf(starts, amounts, _amounts(numbers, []))


def _amounts(numbers: Numbers, series: Sequence[SeriesId]) -> list[Amount]:
    """What some series used together in each bucket, and how far that is known."""
    found = []
    for place, seen in enumerate(seen_in(numbers, is_untold=TOKENS in numbers.untold)):
        certain = sum(numbers.amounts[one][place] for one in series if one in numbers.amounts)
        more = sum(
            block.amounts.get(one, 0)
            for block in numbers.blocks
            for one in series
            if block.first <= place <= block.last
        )
        amount = claimed(seen.sureness, certain, more)
        found.append(UNKNOWN if amount == TO_COME else amount)
    return found
