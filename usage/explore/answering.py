"""From an address to the report of a page: the question is placed, and the numbers it asks for are read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from common.together import Reading, nothing, read, side_by_side
from teams.models import Membership, Team
from usage.explore.asking import asked_of
from usage.explore.chart.burning import begins_of
from usage.explore.costs import Costing, Told
from usage.explore.query.periods import LAST_BILLING
from usage.explore.query.placed import Placed
from usage.explore.query.reader import Parts
from usage.explore.questions import Found
from usage.explore.reading import numbers
from usage.explore.reading.billing import OwnPeriod, own_periods
from usage.explore.reading.known import Known
from usage.explore.remarks.beside import Beside
from usage.explore.report import Report
from usage.models import Facts
from usage.prices.tables import reading_prices


def usage_report(
    team: Team,
    facts: Facts,
    parts: Parts,
    now: datetime,
    reader: Membership | None = None,
    known: Known | None = None,
) -> Report:
    """Read the address and the numbers it asks for; `facts` are those of the team's meters. `reader` is
    who may change some of the notes beside them, `known` what was looked up of the team before.
    """
    return read(reporting(team, facts, parts, now, reader, known))


def reporting(
    team: Team,
    facts: Facts,
    parts: Parts,
    now: datetime,
    reader: Membership | None = None,
    known: Known | None = None,
) -> Reading[Report]:
    """The same as a reading. Five steps at most, and one more for what the report concludes."""
    asked, told, prices = yield from side_by_side(
        asked_of(team, facts, parts, now),
        Told.of(team, facts),
        reading_prices(team) if facts.priced else nothing(None),
    )
    reading = replace(reading_of(team, asked.placed, now, known), costs=told.metrics)
    span = asked.placed.span
    (placed, reading, found), beside, own = yield from side_by_side(
        _found(asked.placed, reading, facts),
        Beside.read(team, reader, span.start, span.end),
        _own_periods(team, asked.placed, facts),
    )
    return Report(
        team,
        now,
        replace(asked, placed=placed),
        found.numbers,
        beside,
        own,
        facts.fallen,
        found.compared,
        found.behind,
        reading,
        Costing(reading, told, facts, prices),
    )


def _found(
    placed: Placed, reading: numbers.Asked, facts: Facts
) -> Reading[tuple[Placed, numbers.Asked, Found]]:
    """The numbers of a question, which is cut where billing periods begin if a sum of it grows."""
    if billing := (yield from begins_of(placed, reading)):
        placed = replace(placed, billing=tuple(billing))
        reading = reading.over(placed.span.edges())
    return placed, reading, (yield from Found.read(placed, reading, facts))


def reading_of(team: Team, placed: Placed, now: datetime, known: Known | None = None) -> numbers.Asked:
    """What readings are asked by a question."""
    query = placed.query
    return numbers.Asked(
        team,
        placed.span.edges(),
        query.measure.value,
        query.by,
        now,
        query.filters,
        query.attributes_of_today,
        known=known,
    )


def _own_periods(team: Team, placed: Placed, facts: Facts) -> Reading[Sequence[OwnPeriod]]:
    if not placed.is_own:
        return ()
    newest = placed.time.billing[0].start
    until = placed.query.period.until
    at = placed.time.now if until is None else placed.time.instant(until)
    if placed.query.period.name == LAST_BILLING:
        at = newest
    return (yield from own_periods(team, at, is_late=bool(facts.late), untold=facts.untold))
