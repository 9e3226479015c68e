"""From an address to the report of a page: the question is placed, and the numbers it asks for are read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from common.database.together import Reading, read, side_by_side
from teams.models import Membership, Team
from usage.explore.asking import Asked, asked_of, chosen_keys
from usage.explore.chart.burning import begins_of
from usage.explore.costs import Costing, Money
from usage.explore.proof.chosen import series_of
from usage.explore.query.measures import Measure
from usage.explore.query.periods import LAST_BILLING
from usage.explore.query.placed import PAGE, Placed, Room
from usage.explore.query.reader import Parts
from usage.explore.questions import Found
from usage.explore.reading import numbers
from usage.explore.reading.asked import look_up
from usage.explore.reading.known import Known
from usage.explore.reading.periods.billing import OwnPeriod, own_periods
from usage.explore.reading.periods.own_costs import OwnPricing
from usage.explore.reading.spending.priced import Pricing
from usage.explore.remarks.beside import Beside
from usage.explore.report import Report
from usage.models import Facts
from usage.prices.tariffs import Tariff

# To tell more keys apart takes as long as all else of a page.
MOST_REASONED_AT_ONCE = 100


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
    *,
    is_hurried: bool = False,
) -> Reading[Report]:
    """The same as a reading. Five steps at most, and one more for what the report concludes.

    Of very many keys it does not say why the usage changed where it `is_hurried`.
    """
    asked, costing = yield from _asked(team, facts, parts, now, known)
    span = asked.placed.span
    (placed, reading, found), beside, own = yield from side_by_side(
        _found(asked.placed, costing, is_reasoned=not is_hurried or facts.count <= MOST_REASONED_AT_ONCE),
        Beside.read(team, reader, span.start, span.end),
        _own_periods(team, asked.placed, facts, costing.whole),
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
        costing,
    )


def whole_report(
    team: Team,
    facts: Facts,
    parts: Parts,
    now: datetime,
    room: Room,
    most_cells: int,
    known: Known | None = None,
) -> Reading[Report]:
    """The same question as files and programs are answered: every series stands by itself, and is compared by
    itself, as long as all buckets of all of them are no more than `most_cells`; there is `room` for more
    buckets than on a page, and nothing stands beside them.
    """
    asked, costing = yield from _asked(team, facts, parts, now, known, room)
    (placed, reading, found), own = yield from side_by_side(
        _found(asked.placed, costing, most_cells), _own_periods(team, asked.placed, facts, costing.whole)
    )
    return Report(
        team,
        now,
        replace(asked, placed=placed),
        found.numbers,
        Beside(team, None, (), ()),
        own,
        facts.fallen,
        found.compared,
        reading=reading,
        costing=costing,
    )


def _asked(
    team: Team, facts: Facts, parts: Parts, now: datetime, known: Known | None, room: Room = PAGE
) -> Reading[tuple[Asked, Costing]]:
    """What an address asks, and how its cost is found."""
    asked, money = yield from side_by_side(asked_of(team, facts, parts, now, room), Money.of(team, facts))
    reading = reading_of(team, asked.placed, now, known)
    if money.told.meters and reading.filters:
        yield from look_up([reading], has_unmetered=facts.unmetered > 0)
    return costing_of(asked, Costing(reading, money, facts))


def _found(
    placed: Placed, costing: Costing, most_cells: int | None = None, *, is_reasoned: bool = True
) -> Reading[tuple[Placed, numbers.Asked, Found]]:
    """The numbers of a question, which is cut where billing periods begin if a sum of it grows; every series
    by itself where they are told in so many cells at most.
    """
    reading, is_shown = costing.asked, placed.query.measure == Measure.COST
    if billing := (yield from begins_of(placed, reading, costing.facts)):
        placed = replace(placed, billing=tuple(billing))
        reading = reading.over(placed.span.edges())
    tariff = costing.by_series if is_shown and not placed.is_own else costing.whole
    # What each key's own period cost is told by itself: beside that nothing is priced.
    is_priced = is_shown or not placed.is_own
    pricing = Pricing(costing.facts, tariff if is_priced else None, is_shown)
    if most_cells is None:
        return placed, reading, (yield from Found.read(placed, reading, pricing, is_reasoned=is_reasoned))
    most = most_cells // (len(reading.edges) - 1)
    return placed, reading, (yield from Found.alone(placed, reading, pricing, most))


def costing_of(asked: Asked, costing: Costing) -> tuple[Asked, Costing]:
    """How a question is priced; and the nearest one of which there is a cost, where that is asked for."""
    query = asked.placed.query
    if query.measure != Measure.COST:
        return asked, costing
    if costing.by_series or (asked.placed.is_own and costing.whole):
        return asked, costing
    if costing.whole is None:
        why = "no provider tells what this cost, and no price is set: here are tokens"
        return asked.instead(why, measure=Measure.TOKENS), costing
    why = "the provider tells its cost of no model, and no price is set: here it is without models"
    by = query.without_models().by
    reading = replace(costing.asked, by=by, known=costing.asked.lookups)
    return asked.instead(why, by=by, hidden=()), replace(costing, asked=reading)


def reading_of(team: Team, placed: Placed, now: datetime, known: Known | None = None) -> numbers.Asked:
    """What readings are asked by a question."""
    query = placed.query
    return numbers.Asked(
        team,
        placed.span.edges(),
        query.measure.seen_as.value,
        query.by,
        now,
        query.filters,
        query.attributes_of_today,
        known=known,
    )


def _own_periods(
    team: Team, placed: Placed, facts: Facts, tariff: Tariff | None
) -> Reading[Sequence[OwnPeriod]]:
    if not placed.is_own:
        return ()
    newest = placed.time.billing[0].start
    until = placed.query.period.until
    at = placed.time.now if until is None else placed.time.instant(until)
    if placed.query.period.name == LAST_BILLING:
        at = newest
    models = yield from series_of(team, placed.query.filters)
    which = chosen_keys(placed.query, placed.time)
    pricing = OwnPricing(tariff, models, team.zone, placed.time.now) if tariff else None
    return (
        yield from own_periods(
            team,
            at,
            is_late=bool(facts.late),
            untold=facts.untold,
            which=which,
            models=models,
            pricing=pricing,
        )
    )
