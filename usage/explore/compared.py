"""What the shown time is compared with: its numbers up to where the shown time has gone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self

from usage import claims
from usage.claims import Amount, Sureness
from usage.explore.query.dimensions import SeriesId
from usage.explore.query.pairing import Pairing, pairing_of
from usage.explore.query.placed import Placed
from usage.explore.query.steps import Step
from usage.explore.query.words import compared_words, comparison_words, span_words
from usage.explore.reading import numbers
from usage.explore.reading.numbers import Asked, Numbers
from usage.explore.sheet.certainty import seen_in, sureness_of_sum, total_of
from usage.ledger import METRICS
from usage.models import Facts


@dataclass(frozen=True)
class Compared:
    """What was used in another time. `numbers` reach from its start to where it had gone as far as the shown
    time has; their buckets are those of `pairing`, up to there.
    """

    placed: Placed
    pairing: Pairing
    numbers: Numbers

    @classmethod
    def read(cls, placed: Placed, asked: Asked, facts: Facts) -> Self | None:
        """What a question compares with, read by the same groups and filters; None where it does not, or
        where nothing had passed then.
        """
        pairing = pairing_of(placed)
        if pairing is None or pairing.cut <= pairing.start:
            return None
        edges = [*(edge for edge in pairing.edges if edge < pairing.cut), pairing.cut]
        most = None if placed.query.hidden else 0
        return cls(placed, pairing, numbers.answer(asked.beside(edges), facts, most))

    @cached_property
    def totals(self) -> Mapping[str, Amount]:
        """Everything that was used, by metric."""
        return {metric: total_of(self.numbers, metric, self.now) for metric in METRICS}

    @property
    def now(self) -> datetime:
        """The moment that it is."""
        return self.placed.time.now

    @cached_property
    def sureness(self) -> Sureness:
        """How far sums of the chosen metric are known, but for what is cut by the edges of the time."""
        return sureness_of_sum(self.numbers, self.numbers.metric, self.now)

    def amount_of(self, series: SeriesId) -> Amount:
        """What one series used, also one that is not drawn by itself."""
        more = self.numbers.more[self.numbers.metric]
        return claims.claimed(self.sureness, self.numbers.sums.get(series, 0), more)

    def amount_beside(self, others: Collection[SeriesId]) -> Amount:
        """What all but some series used: that of "Other"."""
        more = self.numbers.more[self.numbers.metric]
        rest = sum(amount for series, amount in self.numbers.sums.items() if series not in others)
        return claims.claimed(self.sureness, rest, more)

    @property
    def label(self) -> str:
        """What it is called, with its days: `30 days before, 28 Sep – 27 Oct`."""
        days = span_words(self.pairing.start, self.pairing.end, self.placed.time)
        name = (
            ""
            if self.placed.query.compare and self.placed.query.compare.days
            else comparison_words(self.placed)
        )
        matched = "weekdays matched" if self._matches_weekdays else ""
        return ", ".join(filter(None, (name[:1].upper() + name[1:], days, matched)))

    @property
    def days(self) -> str:
        """The days and hours of which the totals are compared."""
        return compared_words(self.pairing, self.placed.time)

    @property
    def until(self) -> str:
        """Where a time ended of which not all is compared: `on 26 Oct, 14:00`; else empty."""
        if self.pairing.cut >= self.pairing.end:
            return ""
        zone, today = self.placed.time.zone, self.placed.time.today
        local = self.pairing.cut.astimezone(zone)
        return local.strftime("on %-d %b, %H:%M" if local.year == today.year else "on %-d %b %Y, %H:%M")

    @property
    def _matches_weekdays(self) -> bool:
        """Tell whether a Monday is compared with a Monday, where days or parts of them are compared."""
        if self.placed.step in (Step.WEEK, Step.MONTH):
            return False
        day_of = self.placed.time.day_of
        apart = day_of(self.placed.span.start) - day_of(self.pairing.start)
        is_long = self.placed.span.end - self.placed.span.start > timedelta(days=1, hours=1)
        return is_long and apart.days % 7 == 0

    @cached_property
    def amounts(self) -> Sequence[int | None]:
        """What was used in each bucket of the shown time's partner, as far as that was seen and is past."""
        used = self._used
        return [None if place is None or place >= len(used) else used[place] for place in self.pairing.places]

    @cached_property
    def _used(self) -> list[int | None]:
        found = self.numbers
        seen = seen_in(found, is_untold=found.metric in found.untold)
        known = (claims.claimed(each.own_sureness, used) for each, used in zip(seen, found.used, strict=True))
        return [amount.drawn for amount in known]
