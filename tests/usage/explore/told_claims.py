"""The usage page claims of worlds of every kind what the independent model claims, to the token."""

from collections.abc import Iterator
from random import Random

from tests.usage.books.told_worlds import Told
from tests.usage.reference import adapter, claims
from tests.usage.reference.answers import DAY, REQUESTS, TOKENS
from tests.usage.reference.claims import QUARTER, Claim
from tests.usage.reference.periods import Period, as_told
from usage.claims import Amount
from usage.explore.answering import usage_report
from usage.explore.asking import Asked
from usage.explore.proof.agreement import MOST_PROOFS
from usage.explore.query.bounds import Bounds
from usage.explore.query.dimensions import SeriesId
from usage.explore.query.measures import Measure
from usage.explore.query.periods import Period as Chosen
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query
from usage.explore.query.steps import fitting_step
from usage.explore.query.team_time import TeamTime
from usage.explore.reading import numbers
from usage.explore.remarks.beside import Beside
from usage.explore.report import Report
from usage.ledger import UNATTRIBUTED
from usage.ledger.words import OTHER_MODELS, microseconds, moment
from usage.models import Meter, TeamModel

SPANS = 2  # of each world
YEAR = 400 * DAY  # further back the page looks for no period


def assert_claims(told: Told) -> None:
    for report in reports(told):
        assert_totals(told, report)
        assert_rows(told, report)
        assert_shares(told, report)
        assert_agreement(told, report)


def reports(told: Told) -> Iterator[Report]:
    """What the page says of the billing period, of some days, and of some quarters of an hour."""
    now, facts = moment(told.now), Meter.objects.for_team(told.team).facts(moment(told.now))
    dice = Random(told.number)
    metric = dice.choice((TOKENS, REQUESTS))
    yield usage_report(told.team, facts, {"period": "billing", "metric": metric}, now)
    yield usage_report(told.team, facts, {"period": "7d", "metric": metric}, now)
    since, until = (at // QUARTER for at in told.world.watched())
    for _ in range(SPANS):
        first, last = sorted(dice.sample(range(since - 9, until + 9), 2))
        start, end = moment(first * QUARTER), moment(last * QUARTER)
        query = Query(measure=Measure(metric), period=Chosen.between(start, end))
        bounds, time = Bounds(query.period, start, end), TeamTime(told.team.zone, now)
        placed = Placed(query, time, bounds, fitting_step(start, end))
        found = numbers.read(told.team, placed.span.edges(), metric, now=now, facts=facts)
        yield Report(told.team, now, Asked(placed, ""), found, Beside(told.team, None, (), ()))


def edges_of(report: Report) -> list[int]:
    return [microseconds(edge) for edge in report.span.edges()]


def said(amount: Amount) -> Claim | None:
    """An amount of the page in the model's words; None where it is still to come."""
    if amount.sureness == "to come":
        return None
    certain = None if amount.is_unknown else amount.certain
    return Claim(certain, amount.more, at_least=amount.sureness == "at least" and not amount.more)


def assert_totals(told: Told, report: Report) -> None:
    edges = edges_of(report)
    for metric in (TOKENS, REQUESTS):
        assert said(report.totals[metric]) == expected(told, metric, edges)


def expected(told: Told, metric: str, edges: list[int]) -> Claim | None:
    since, until = edges[0], min(edges[-1], told.until)
    if since >= until:
        return None
    claim = claims.claim(told.ledger.lines, metric, since, until)
    return Claim(claim.certain, claim.more, at_least=claim.sureness == "at least" and not claim.more)


def assert_rows(told: Told, report: Report) -> None:
    metric = report.metric
    assert [said(row.total) for row in report.sheet.rows] == claims.rows(
        told.ledger.lines, metric, edges_of(report), told.until
    )


def assert_shares(told: Told, report: Report) -> None:
    edges, metric = edges_of(report), report.metric
    since, until = edges[0], min(edges[-1], told.until)
    found = {
        model_of(told, column.series): (column.total.certain, column.total.more)
        for column in report.sheet.columns
        if column.total.certain or column.total.more
    }
    expected = {}
    for series in told.ledger.lines[metric].series() if since < until else ():
        claim = claims.claim(told.ledger.lines, metric, since, until, series)
        if claim.certain or claim.more:
            expected[adapter.key(series, metric).model] = claim.certain or 0, claim.more
    assert found == expected


def model_of(told: Told, series: SeriesId) -> str:
    """The ledger's name of a model, of the team that uses it."""
    reserved: dict[SeriesId, str] = {("none",): UNATTRIBUTED, ("others",): OTHER_MODELS}
    return reserved.get(series) or TeamModel.objects.get(team=told.team, pk=series[0]).model


def assert_agreement(told: Told, report: Report) -> None:
    """What is said of each period; and "matches the provider" of a sum alone that is what it said."""
    metric, agreement = report.metric, report.agreement
    periods = touched(told, report)
    for proof, period in zip(agreement.proofs, periods[:MOST_PROOFS], strict=True):
        assert proof.told == period.told.get(metric, 0)
        exact = not period.inexact and not period.moved_in
        assert (bool(proof.tail), proof.is_exact) == (bool(period.tails), exact)
        shown = shown_of(told, report, period)
        assert proof.shown == shown or period.inexact
        assert proof.matches == (shown == period.told.get(metric, 0) and not period.at_least(metric))
    if agreement.words.startswith("matches the provider"):
        assert said(report.totals[metric]) == Claim(sum(period.told[metric] for period in periods))
    if agreement.words.startswith("nothing is missing"):
        claim = expected(told, metric, edges_of(report))
        assert claim is not None
        assert (claim.certain is None, claim.more, claim.at_least) == (False, 0, False)


def touched(told: Told, report: Report) -> list[Period]:
    """The periods of which some time is shown and has passed, newest first."""
    edges = edges_of(report)
    first, last = edges[0], min(edges[-1], told.now)
    periods = reversed(as_told(told.ledger.periods))
    return [one for one in periods if one.starts < last and one.ends > first > one.starts - YEAR]


def shown_of(told: Told, report: Report, period: Period) -> int | None:
    """What whole buckets show of a period, as far as it has passed; None where they do not hold it."""
    edges = edges_of(report)
    ends = period.ends in edges if period.ends <= told.now else edges[-1] >= told.now
    if period.starts not in edges or not ends:
        return None
    return told.ledger.lines[report.metric].total(period.starts, min(period.ends, told.now))
