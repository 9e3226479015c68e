"""The sums of every series, as far as they are known: also of those that no chart draws by themselves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from common.templatetags.numbers import grouped
from usage import claims
from usage.claims import Amount, Sureness
from usage.explore.query.dimensions import SeriesId, series_text
from usage.explore.query.measures import tokens_a_request
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.scope.series import REST
from usage.explore.sheet.certainty import Unseen, sureness_of_sum, unseen_in
from usage.explore.sheet.claimed import Claimed
from usage.explore.sheet.tables import Column
from usage.ledger import COST, REQUESTS, TOKENS


@dataclass(frozen=True, slots=True)
class Average:
    """Tokens a request: derived from two amounts, and no measure of its own."""

    tokens: Amount
    requests: Amount

    @property
    def number(self) -> int | None:
        """How many, as far as was seen; None where that says nothing."""
        return tokens_a_request(self.tokens.certain, self.requests.certain)

    @property
    def is_known(self) -> bool:
        """Tell whether nothing is missing in either."""
        return self.tokens.is_known and self.requests.is_known

    def __str__(self) -> str:
        """`1,259`, `≈ 1,259` where some was not seen, a dash where there is none."""
        return "–" if self.number is None else f"{'' if self.is_known else '≈ '}{self.figure}"

    @property
    def figure(self) -> str:
        """The number alone; `< 1` of what rounds to none."""
        return "< 1" if self.number == 0 else grouped(self.number)


@dataclass(frozen=True)
class Sums:
    """The sums of numbers by metric, each with how sure it is, without those of the `columns` of a chart that
    are `hidden`, by name. Where series overlap nobody can leave one out of the total: it stays whole.
    """

    numbers: Numbers
    surenesses: Mapping[str, Sureness]
    unseen: Mapping[str, Unseen | None]
    columns: Collection[Column]
    hidden: Collection[str] = ()

    @classmethod
    def of(
        cls, numbers: Numbers, now: datetime, columns: Collection[Column], hidden: Collection[str] = ()
    ) -> Self:
        """The sums of numbers as they are known at `now`."""
        sure = {metric: sureness_of_sum(numbers, metric, now) for metric in numbers.metrics}
        if numbers.is_unpriced:
            sure[COST] = Sureness.UNKNOWN
        unseen = {metric: unseen_in(numbers, metric, now) for metric in numbers.metrics}
        return cls(numbers, sure, unseen, columns, hidden)

    @cached_property
    def by_series(self) -> dict[str, Claimed]:
        """By metric what each shown series used; those of which there is nothing to be said are left out."""
        return {
            metric: shown_only(self._every_series(metric), self.columns, self.hidden)
            for metric in self.surenesses
        }

    def _every_series(self, metric: str) -> Claimed:
        found, unseen = self.numbers, self.unseen[metric]
        certain, more = found.sums_of.get(metric, {}), found.more_of.get(metric, {})
        share = None if unseen is None else unseen.of_any
        below = found.traces.of if metric == COST else {}
        return Claimed(self.surenesses[metric], certain, more, found.unit_of(metric), share, below)

    def nothing(self, metric: str, group: Iterable[SeriesId]) -> Amount:
        """What is to be said of some series of which nothing was seen: none, or that nobody knows, as what
        was used and has no price costs.
        """
        unit = self.numbers.unit_of(metric)
        counted = (TOKENS,) if unit.is_estimate else (TOKENS, REQUESTS)
        used = [self.by_series[each] for each in counted]
        if unit.currency and any(one in amounts for one in group for amounts in used):
            return Amount(Sureness.UNKNOWN, unit=unit)
        return self._claimed(metric, 0)

    @cached_property
    def totals(self) -> dict[str, Amount]:
        """By metric what all of them used."""
        return {metric: self._total(metric) for metric in self.surenesses}

    def _total(self, metric: str) -> Amount:
        found = self.numbers
        if self.hidden and not found.overlaps and found.is_by_series(metric):
            shown = self.by_series[metric]
            return self._claimed(metric, *shown.numbers(shown), shown.below_of(shown))
        below = found.traces.total if metric == COST else 0
        return self._claimed(metric, found.totals[metric], found.more[metric], below)

    def _claimed(self, metric: str, certain: int, more: int = 0, below: int = 0) -> Amount:
        unit = self.numbers.unit_of(metric)
        amount = claims.claimed(self.surenesses[metric], certain, more, unit, below)
        unseen = self.unseen[metric]
        return replace(amount, unseen=None if unseen is None else unseen.of_all)

    @property
    def average(self) -> Average:
        """Tokens a request, of all of them."""
        return Average(self.totals[TOKENS], self.totals[REQUESTS])


def shown_only(amounts: Claimed, columns: Collection[Column], hidden: Collection[str]) -> Claimed:
    """The same without the series that are hidden, by name. What no column has by itself is in that of all
    others.
    """
    if not hidden:
        return amounts
    drawn = {column.series for column in columns}
    return amounts.only(lambda series: series_text(series if series in drawn else REST) not in hidden)
