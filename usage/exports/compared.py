"""What each record is compared with, where its question asks for that: how much that was, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import NamedTuple, Self

from usage import claims
from usage.claims import Amount, Sureness
from usage.explore.chart.compared import Compared
from usage.explore.query.dimensions import SeriesId
from usage.explore.report import Report
from usage.explore.sheet.certainty import seen_in
from usage.explore.sheet.layout import sureness_of


class Partner(NamedTuple):
    """What the same series used in [start, end), local times of the team: as much of the other time as has
    passed of the record's own.
    """

    start: datetime
    end: datetime
    amount: Amount


@dataclass(frozen=True)
class Partners:
    """The partners of a report's buckets; its numbers of the other time have every series by itself."""

    report: Report
    compared: Compared

    @classmethod
    def of(cls, report: Report) -> Self | None:
        """Those of a report; None where it is compared with nothing."""
        return cls(report, report.compared) if report.compared and not report.own else None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The other time, as far as it is compared, in the team's zone."""
        zone, pairing = self.report.span.zone, self.compared.pairing
        return pairing.start.astimezone(zone), pairing.cut.astimezone(zone)

    @property
    def total(self) -> Amount:
        """What was used in it, as the page tells it."""
        before = self.report.before
        return before.totals[self.report.metric] if before else claims.UNKNOWN

    @property
    def note(self) -> str:
        """What of it no row is compared with, in a sentence; empty where that is nothing."""
        found = self.compared.numbers
        in_stretches = sum(block.total for block in found.blocks)
        paired = set(self.compared.pairing.places)
        alone = sum(used for place, used in enumerate(found.used) if place not in paired)
        parts = [
            f"{self._words(in_stretches)} lie in longer stretches whose spread nobody saw"
            * bool(in_stretches),
            f"{self._words(alone)} in days and hours that have no counterpart" * bool(alone),
        ]
        told = " and ".join(filter(None, parts))
        return f"Of the time that is compared {told}: no row is compared with them." if told else ""

    def _words(self, amount: int) -> str:
        unit = self.compared.numbers.unit
        words = unit.words(amount)
        return words if unit.currency else f"{words} {self.report.query.measure.unit}"

    @property
    def series(self) -> Sequence[SeriesId]:
        """All series that used something then."""
        found = self.compared.numbers
        of_blocks = (series for block in found.blocks for series in block.amounts)
        return list(dict.fromkeys([*found.amounts, *found.sums, *of_blocks]))

    def of_bucket(self, place: int, series: Sequence[SeriesId]) -> Sequence[Partner | None]:
        """What some series used in the partner of a bucket, by its number; None where it has none."""
        other = self.compared.pairing.places[place]
        if other is None or other >= len(self._surenesses):
            return [None] * len(series)
        zone, found = self.report.span.zone, self.compared.numbers
        start, end = (edge.astimezone(zone) for edge in found.edges[other : other + 2])
        claimed = partial(claims.claimed, self._surenesses[other], unit=found.unit)
        used = found.amounts
        return [Partner(start, end, claimed(used[one][other] if one in used else 0)) for one in series]

    @cached_property
    def _surenesses(self) -> list[Sureness]:
        """How far the amounts of each bucket of the other time are known."""
        found = self.compared.numbers
        seen = seen_in(found, is_untold=found.metric in found.untold)
        return [
            sureness_of(each, (one[place] for one in found.amounts.values()))
            for place, each in enumerate(seen)
        ]
