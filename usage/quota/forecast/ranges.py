"""What is expected of the next hours with the range that past errors give it. Pure."""

from bisect import bisect_left
from collections.abc import Sequence

from usage.quota.forecast.errors import PastErrors, scale_of
from usage.quota.forecast.outlook import Outlook

QUANTILES = (0.1, 0.5, 0.9)
# Errors are looked up for so many lengths of time; between two of them they lie on a straight line.
LENGTHS = 6


class Ranges:
    """Ranges of what will be used over the next hours, `longest` at the most. `usual` is what is used in an
    hour as a rule.
    """

    def __init__(self, outlook: Outlook, errors: PastErrors, usual: float, longest: float) -> None:
        self._outlook, self._usual = outlook, usual
        self._level = errors.best_level(longest, len(outlook.levels))
        self._lengths = [longest * (number + 1) / LENGTHS for number in range(LENGTHS)]
        found = [errors.of(length, self._level, usual) for length in self._lengths]
        self._errors = [[each.quantile(part) for part in QUANTILES] for each in found]
        self.tested = found[-1].count

    def after(self, hours: float) -> list[float]:
        """What is used over so many hours: low, middle and high."""
        expected = self._outlook.expected(hours, self._level)
        scale = scale_of(expected, hours, self._usual)
        return [expected + error * scale for error in self._errors_after(hours)]

    def _errors_after(self, hours: float) -> Sequence[float]:
        place = bisect_left(self._lengths, hours)
        if place == 0 or place == LENGTHS:
            return self._errors[min(place, LENGTHS - 1)]
        since, until = self._lengths[place - 1 : place + 1]
        part = (hours - since) / (until - since)
        pairs = zip(self._errors[place - 1], self._errors[place], strict=True)
        return [before + (after - before) * part for before, after in pairs]
