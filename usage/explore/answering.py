"""From an address to the report of a page: the question is placed, and the numbers it asks for are read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

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
    asked = asked_of(team, facts, parts, now)
    told = Told.of(team, facts)
    reading = replace(reading_of(team, asked.placed, now, known), costs=told.metrics)
    if billing := begins_of(asked.placed, reading):
        asked = replace(asked, placed=replace(asked.placed, billing=tuple(billing)))
        reading = reading.over(asked.placed.span.edges())
    placed = asked.placed
    found = Found.read(placed, reading, facts)
    return Report(
        team,
        now,
        asked,
        found.numbers,
        Beside.read(team, reader, placed.span.start, placed.span.end),
        _own_periods(team, placed, facts) if placed.is_own else (),
        facts.fallen,
        found.compared,
        found.behind,
        reading,
        Costing(reading, told, facts),
    )


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


def _own_periods(team: Team, placed: Placed, facts: Facts) -> Sequence[OwnPeriod]:
    newest = placed.time.billing[0].start
    until = placed.query.period.until
    at = placed.time.now if until is None else placed.time.instant(until)
    if placed.query.period.name == LAST_BILLING:
        at = newest
    return own_periods(team, at, is_late=bool(facts.late), untold=facts.untold)
