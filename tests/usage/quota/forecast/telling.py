"""Days of a generated world told in advance, and what a straight line would have said of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import Span, forecast
from usage.quota.forecast.history import History

WEEKS, HOURS_TOLD = 8, (9, 12, 16)
PARTS = (0.1, 0.5, 0.9)
UTC = ZoneInfo("UTC")


def history_until(world, hour):
    """The eight weeks of a world before an hour, as far as they were seen."""
    first = hour - WEEKS * 168
    seen = world.seen[first:hour]
    amounts = [amount * part for amount, part in zip(world.amounts[first:hour], seen, strict=True)]
    return History(world.at(first), UTC, amounts, seen)


def told(world, day, hour):
    """What is told of a day at an hour of it."""
    start, now = world.at(day * 24), world.at(day * 24 + hour)
    used = world.used(day * 24, day * 24 + hour)
    span = Span(start, start + timedelta(days=1), used, as_of=now)
    return forecast(history_until(world, day * 24 + hour), span, now)


def pinball(part, said, came):
    """How wrong it was to say that this part of all amounts is below."""
    return max(part * (came - said), (part - 1) * (came - said))


def loss(said, came):
    """The pinball loss of a range: low, middle and high."""
    return sum(pinball(part, each, came) for part, each in zip(PARTS, said, strict=True))


@dataclass
class Record:
    """How forecasts of days fared, beside a straight line's that were told at the same hours."""

    held: list[bool] = field(default_factory=list)
    ours: float = 0.0
    middle: float = 0.0
    line: float = 0.0
    line_middle: float = 0.0

    def tell(self, world, day, hour):
        """Tell one day at one hour, where enough was seen; amounts are in days' worth of the month before."""
        said, came = told(world, day, hour), world.used(day * 24, day * 24 + 24)
        if not isinstance(said, Forecast):
            return
        usual = world.used((day - 28) * 24, day * 24) / 28
        straight = world.used(day * 24, day * 24 + hour) * 24 / hour
        end = said.end
        self.held.append(end.low <= came <= end.high)
        self.ours += loss((end.low, end.middle, end.high), came) / usual
        self.middle += pinball(0.5, end.middle, came) / usual
        self.line += loss((straight, straight, straight), came) / usual
        self.line_middle += pinball(0.5, straight, came) / usual

    @property
    def coverage(self):
        """The part of the days that the ranges held."""
        return sum(self.held) / len(self.held)
