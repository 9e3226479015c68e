"""With what a period is compared: the one before, the same days of weeks before, or chosen days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

PREVIOUS, WEEK, MONTH, YEAR = "previous", "week", "month", "year"

# Whole weeks, so that a Monday is compared with a Monday.
SHIFTS = {WEEK: timedelta(weeks=1), MONTH: timedelta(weeks=4), YEAR: timedelta(weeks=52)}
LABELS = {
    PREVIOUS: "Period before",
    WEEK: "Same days a week before",
    MONTH: "Same days 4 weeks before",
    YEAR: "Same days 52 weeks before",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of the named comparisons, or chosen local `days`, the last one included."""

    name: str = PREVIOUS
    days: tuple[date, date] | None = None

    @classmethod
    def with_days(cls, first: date, last: date) -> Self:
        """A comparison with chosen days."""
        return cls("", (first, last))

    @property
    def text(self) -> str:
        """Its word in an address."""
        return "..".join(day.isoformat() for day in self.days) if self.days else self.name

    @property
    def label(self) -> str:
        """What it is called in a menu."""
        return LABELS.get(self.name, "Chosen days")

    @property
    def shift(self) -> timedelta | None:
        """How long before the same days lie, where it is so many weeks."""
        return SHIFTS.get(self.name)
