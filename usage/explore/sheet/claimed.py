"""What each of many series used of one metric, as it may be told: made of numbers when it is looked at.

Of thousands of series a page tells a few, and of all others their sum.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from usage import claims
from usage.claims import COUNT, Amount, Sureness, Unit
from usage.explore.query.dimensions import SeriesId

# So far known, what is certain is told; else only where more may have been used beside it.
TOLD = {Sureness.KNOWN, Sureness.AT_LEAST}


@dataclass(frozen=True, eq=False)
class Claimed(Mapping[SeriesId, Amount]):
    """The amounts of some series of which there is something to be said: `certain`, and `more` that may have
    been used beside it, all in one unit and so sure. `unseen` is the part of the time in which more may have
    been used, None where nobody can say. Of money `below` is what those do not reach that come to no coin,
    and are something.
    """

    sureness: Sureness
    certain: Mapping[SeriesId, int]
    more: Mapping[SeriesId, int]
    unit: Unit = COUNT
    unseen: float | None = None
    below: Mapping[SeriesId, int] = field(default_factory=dict)

    @cached_property
    def _series(self) -> Mapping[SeriesId, None]:
        if not self.unit.currency and not self.more:
            return dict.fromkeys(series for series, amount in self.certain.items() if amount)
        certain, more = self.certain, self.more
        every = dict.fromkeys([*certain, *more])
        # What was priced and came to nothing is known; what was not used is no line.
        return (
            every if self.unit.currency else {one: None for one in every if certain.get(one) or more.get(one)}
        )

    def __getitem__(self, series: SeriesId) -> Amount:
        self._series[series]
        certain, more = self.certain.get(series, 0), self.more.get(series, 0)
        amount = claims.claimed(self.sureness, certain, more, self.unit, self.below.get(series, 0))
        return amount if self.unseen is None else amount.unseen_in(self.unseen)

    def __iter__(self) -> Iterator[SeriesId]:
        return iter(self._series)

    def __len__(self) -> int:
        return len(self._series)

    def numbers(self, group: Iterable[SeriesId]) -> tuple[int, int]:
        """What is certain of some series together, and what may be more, as their amounts tell it."""
        own = self._series
        told = [one for one in group if one in own]
        more = sum(self.more.get(one, 0) for one in told) if self.more else 0
        if self.sureness not in TOLD:
            told = [one for one in told if self.more.get(one)]
        return sum(self.certain.get(one, 0) for one in told), more

    def below_of(self, group: Iterable[SeriesId]) -> int:
        """What those of some series do not reach together that come to no coin."""
        return sum(self.below.get(one, 0) for one in group) if self.below else 0

    def total(self, group: Iterable[SeriesId]) -> Amount | None:
        """The sum of the amounts of some series; None where nothing is to be said of any of them."""
        told = [one for one in group if one in self._series]
        if not told:
            return None
        certain, more = self.numbers(told)
        has_more = any(self.more.get(one) for one in told) if self.more else False
        if self.sureness == Sureness.KNOWN and not has_more:
            return claims.known(certain, self.unit, self.below_of(told))
        if self.sureness == Sureness.TO_COME and not has_more:
            return claims.TO_COME
        amount = claims.at_least(certain, more, self.unit)
        return amount if self.unseen is None else amount.unseen_in(self.unseen)

    def only(self, keeps: Callable[[SeriesId], bool]) -> "Claimed":
        """The same of some of them."""
        left = set(filter(keeps, self._series))
        certain = {one: amount for one, amount in self.certain.items() if one in left}
        more = {one: amount for one, amount in self.more.items() if one in left}
        return Claimed(self.sureness, certain, more, self.unit, self.unseen, self.below)
