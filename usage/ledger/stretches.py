"""Stretches: time between two knots whose spread nobody saw, kept as one row each and never as quarters."""

from dataclasses import dataclass

from usage.ledger.words import COVERAGE, Amounts, Quality, SeriesKey, series_of


@dataclass(frozen=True, slots=True)
class LedgerStretch:
    """What each series rose by in [start, end), all of it seen in one `quality`. Times are microseconds.

    Of the time watched nothing is in `amounts`: it is the length.
    """

    start: int
    end: int
    quality: Quality
    amounts: Amounts

    def within(self, start: int, end: int) -> Amounts:
        """What straight lines put into the part of it in [start, end), and how long that part is.

        Parts that meet add up to the whole, to the token.
        """
        start, end = max(start, self.start), min(end, self.end)
        if start >= end:
            return {}
        parts = {series: self._part(rise, start, end) for series, rise in self.amounts.items()}
        parts[series_of(self.quality, COVERAGE)] = end - start
        return {series: part for series, part in parts.items() if part}

    def within_of(self, series: SeriesKey, start: int, end: int) -> int:
        """What straight lines put into [start, end) of one series of `amounts`."""
        start, end = max(start, self.start), min(end, self.end)
        return self._part(self.amounts.get(series, 0), start, end) if start < end else 0

    def _part(self, rise: int, start: int, end: int) -> int:
        length = self.end - self.start
        return rise * (end - self.start) // length - rise * (start - self.start) // length
