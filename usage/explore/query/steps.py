"""How long a bucket is: the steps there are, the one that fits, and those that a page can draw."""

from datetime import date, datetime, timedelta
from enum import StrEnum

# A page draws no more buckets; whoever asks without a page may have more.
MOST_BUCKETS = 400


class Step(StrEnum):
    """The length of a bucket; its value is its word in an address. Those shorter than a day begin anew at
    each local midnight.
    """

    QUARTER_HOUR = "15min"
    HOUR = "hour"
    THREE_HOURS = "3h"
    SIX_HOURS = "6h"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta | None:
        """The length of a step shorter than a day; None for steps of the calendar."""
        return SHORT.get(self)

    @property
    def label(self) -> str:
        """What one bucket is: "each …"."""
        return LABELS[self]

    def begins_on(self, day: date, week_start: int = 0) -> bool:
        """Tell whether a bucket of days begins on this one; weeks begin on `week_start`, 0 being Monday."""
        if self == Step.WEEK:
            return day.weekday() == week_start
        return self != Step.MONTH or day.day == 1

    def buckets_in(self, length: timedelta) -> int:
        """About how many buckets a span of this length has."""
        return -(-length // self.shortest)

    @property
    def shortest(self) -> timedelta:
        """The length of the shortest bucket, but for days on which clocks change."""
        return self.length or LONG[self]


SHORT = {
    Step.QUARTER_HOUR: timedelta(minutes=15),
    Step.HOUR: timedelta(hours=1),
    Step.THREE_HOURS: timedelta(hours=3),
    Step.SIX_HOURS: timedelta(hours=6),
}
LONG = {Step.DAY: timedelta(days=1), Step.WEEK: timedelta(days=7), Step.MONTH: timedelta(days=28)}
LABELS = {
    Step.QUARTER_HOUR: "15 minutes",
    Step.HOUR: "hour",
    Step.THREE_HOURS: "3 hours",
    Step.SIX_HOURS: "6 hours",
    Step.DAY: "day",
    Step.WEEK: "week",
    Step.MONTH: "month",
}

# The longest span in days that each step is chosen for; none of them makes more than 400 bars.
LONGEST = [
    (1, Step.QUARTER_HOUR),
    (3, Step.HOUR),
    (14, Step.THREE_HOURS),
    (190, Step.DAY),
    (1100, Step.WEEK),
]


def fitting_step(start: datetime, end: datetime) -> Step:
    """The step that draws [start, end) with few enough bars to see and enough to tell something."""
    # An hour more or less is a day on which clocks change.
    length = end - start - timedelta(hours=1)
    return next((step for days, step in LONGEST if length <= timedelta(days=days)), Step.MONTH)
