"""What is expected of a sum that grows, in a sentence, and how far its range can be trusted. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from common.templatetags.names import isolated
from usage.claims import Unit
from usage.explore.chart.burning import Burning
from usage.explore.figure.cumulative import range_words
from usage.explore.query.team_time import MOMENT
from usage.explore.sheet.tables import Sheet
from usage.quota.forecast.course import Forecast
from usage.quota.forecast.errors import ENOUGH

INSIDE = "Range: 8 of 10 earlier forecasts ended inside"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A sentence around a key's name, which may be empty; with `is_crossing` a limit is passed."""

    lead: str
    name: str
    strong: str
    rest: str
    is_crossing: bool = False

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        name = f" {isolated(self.name)}" if self.name else ""
        return f"{self.lead}{name} {self.strong}{self.rest}"


def outlook(burning: Burning, sheet: Sheet, unit: str, zone: ZoneInfo) -> Outlook | None:
    """What to expect; None where nothing is, and no limit was passed."""
    bound, expected = burning.bound, burning.expected
    ends = _ends(expected, unit, sheet.unit) if expected else ""
    if bound is None:
        # The hours behind it were priced as today is.
        lead = "At this rate and today's prices" if sheet.unit.is_estimate else "At this rate"
        until = f" on {day_words(burning.end - MOMENT, zone)}" if burning.end else ""
        return Outlook(lead, "", "it ends", f"{ends.removeprefix(' and ends')}{until}.") if ends else None
    limit = f"its limit of {bound.amount:,} {unit}"
    reached = burning.burn.reached(bound.amount)
    if reached is not None:
        day = day_words(sheet.rows[reached].start, zone)
        return Outlook("", bound.name, f"passed {limit} on {day}", f"{_so(ends)}.", is_crossing=True)
    if expected is None:
        return None
    crossing = expected.crossing(bound.amount)
    if crossing.likely:
        passes = f"passes {limit} on {day_words(crossing.likely, zone)},"
        return Outlook("At this rate", bound.name, passes, f"{ends}.", is_crossing=True)
    if crossing.earliest:
        passes = f"may pass {limit}, on {day_words(crossing.earliest, zone)} at the earliest,"
        return Outlook("At this rate", bound.name, passes, f"{ends}.", is_crossing=True)
    return Outlook("At this rate", bound.name, f"stays within {limit}", f"{ends}.")


def _ends(expected: Forecast, unit: str, counted_in: Unit) -> str:
    words = range_words(expected.end.low, expected.end.high, counted_in)
    return f" and ends at {words}" if counted_in.currency else f" and ends at {words} {unit}"


def _so(ends: str) -> str:
    return f", and at this rate{ends.removeprefix(' and')}" if ends else ""


def day_words(at: datetime, zone: ZoneInfo) -> str:
    """`Sunday, 29 November`."""
    return f"{at.astimezone(zone):%A, %-d %B}"


def caption(burning: Burning) -> str:
    """How far the range can be trusted, or why there is none."""
    expected = burning.expected
    if expected is None:
        return burning.reason
    if expected.tested >= ENOUGH:
        return INSIDE
    if not expected.tested:
        return "Range: supposed, as no earlier forecast has ended yet"
    few = "forecast has" if expected.tested == 1 else "forecasts have"
    return f"Range: partly supposed, as only {expected.tested} earlier {few} ended"
