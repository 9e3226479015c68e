"""Random questions, every control of them drawn, are answered by the page as an independent computation does.

An address is made, read by the page, and what it says of totals, of every series, of what is compared,
of what is hidden and of cost is computed here: from the lines of the independent model, days counted by this
file alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
from urllib.parse import parse_qs

import pytest

from tests.parts import parts
from tests.usage.explore import companies
from tests.usage.explore.companies import DAY, RESERVED, Company, Expected
from tests.usage.explore.cost_model import CENT
from tests.usage.explore.test_questions import OF_PROVIDERS, random_filters
from tests.usage.prices.priced import make_price
from tests.usage.reference.periods import as_told
from usage.explore.answering import usage_report
from usage.explore.query.comparison import Comparison
from usage.explore.query.dimensions import Dimension, Filter, series_text
from usage.explore.query.measures import Measure
from usage.explore.query.periods import Period
from usage.explore.query.query import Query, View, in_order
from usage.explore.query.steps import Step
from usage.explore.report import Report
from usage.explore.sheet.sums import Sums
from usage.ledger import COST
from usage.ledger.words import microseconds, moment
from usage.models import Meter, TeamModel

pytestmark = pytest.mark.django_db

METRICS = ("tokens", "requests")
STEPS = [None, None, Step.DAY, Step.SIX_HOURS, Step.WEEK]
SHIFTS = {"week": 7 * DAY, "month": 28 * DAY, "year": 364 * DAY}


@dataclass(frozen=True)
class Days:
    """[first, last) of a team's days that a question is about; it `goes_on` while the last is not over."""

    first: date
    last: date
    goes_on: bool

    @property
    def length(self) -> timedelta:
        return self.last - self.first


def drawn_days(company: Company, dice: Random) -> tuple[Period, Days]:
    """A period of so many days, days that are chosen, a day or a month of the calendar."""
    today = company.team.day_of(company.now)
    kind = dice.choice(["last", "last", "chosen", "chosen", "chosen", "today", "yesterday", "month"])
    if kind == "last":
        count = dice.choice((2, 7, 30))
        return Period(f"{count}d"), Days(today - (count - 1) * DAY, today + DAY, goes_on=True)
    if kind == "chosen":
        watched = [company.team.day_of(moment(at)) for one in company.told for at in one.world.watched()]
        last = min(today, dice.choice([today, *watched, min(watched) + dice.randint(0, 9) * DAY]))
        first = last - dice.randint(0, 12) * DAY
        return Period.between(first, last), Days(first, last + DAY, goes_on=last == today)
    if kind == "month":
        first = today.replace(day=1)
        return Period("month"), Days(first, (first + 32 * DAY).replace(day=1), goes_on=True)
    day = today if kind == "today" else today - DAY
    return Period(kind), Days(day, day + DAY, goes_on=kind == "today")


def complete(period: Period, days: Days, today: date) -> Days:
    """Those of them that are over; as many, where it is the last so many days."""
    if period.days:
        return Days(today - period.days * DAY, today, goes_on=False)
    if days.first == today:
        return Days(today - DAY, today, goes_on=False)
    return Days(days.first, min(days.last, today), goes_on=False)


def drawn_comparison(days: Days, length: timedelta, dice: Random) -> tuple[Comparison | None, Days | None]:
    """What is compared with, and the days that are, of a period of a `length` of which `days` are over."""
    kind = dice.choice([None, "previous", "week", "month", "year", "chosen"])
    if kind is None:
        return None, None
    if kind == "chosen":
        first = days.first - dice.randint(0, 30) * DAY
        last = first + dice.randint(0, 15) * DAY
        return Comparison.with_days(first, last), Days(first, last + DAY, goes_on=False)
    shift = SHIFTS.get(kind, length)
    return Comparison(kind), Days(days.first - shift, days.last - shift, goes_on=False)


def instants(company: Company, days: Days) -> tuple[int, int]:
    return companies.midnight(company, days.first), companies.midnight(company, days.last)


def compared_until(company: Company, days: Days, other: Days) -> int:
    """Where the other days had gone as far as these: as many of them, and as long since midnight."""
    start, end = instants(company, other)
    if not days.goes_on:
        return end
    today = company.team.day_of(company.now)
    day = other.first + (today - days.first)
    since = microseconds(company.now) - companies.midnight(company, today)
    at = min(companies.midnight(company, day) + since, companies.midnight(company, day + DAY))
    return max(start, min(at - at % companies.QUARTER, end))


def as_of_today(company: Company, today: date) -> Company:
    """The company as if every key had always been whose it is today."""
    noon = companies.midnight(company, today) + 1
    owned = {}
    for meter, spans in company.owned.items():
        (known,) = [known for start, end, known in spans if start <= noon < end]
        owned[meter] = [(-companies.NEVER, companies.NEVER, known)]
    return Company(company.number, company.team, company.told, owned, company.runs)


def asked(company: Company, query: Query) -> Report:
    """What the page answers to the address of a question."""
    given = parse_qs(query.address())
    facts = Meter.objects.for_team(company.team).facts(company.now)
    return usage_report(company.team, facts, given, company.now)


def is_of_runs(by: Sequence[Dimension], filters: Sequence[Filter]) -> bool:
    return any(one.is_own for one in [*by, *(one.dimension for one in filters)])


def assert_page(company: Company, prices: Mapping[str, Decimal], dice: Random) -> None:
    dimensions = OF_PROVIDERS if dice.random() < 0.7 else list(Dimension)
    by = tuple(dice.sample(dimensions, dice.choice((1, 1, 2))))
    filters = random_filters(company, dimensions, dice)
    period, days = drawn_days(company, dice)
    today = company.team.day_of(company.now)
    is_complete, is_today = dice.random() < 0.3, dice.random() < 0.3
    length = days.length
    if is_complete:
        days = complete(period, days, today)
    # A month that goes on is compared by its own lengths: of it nothing is compared here.
    compare, other = (None, None) if period.name == "month" else drawn_comparison(days, length, dice)
    metric = dice.choice(METRICS)
    query = Query(
        measure=Measure(metric),
        by=by,
        filters=in_order(filters),
        period=period,
        step=dice.choice(STEPS),
        compare=compare,
        view=dice.choice([View.BARS, View.BARS, View.CUMULATIVE]),
        is_complete_only=is_complete,
        attributes_of_today=is_today,
    )
    known = as_of_today(company, today) if is_today else company
    compute = companies.expected_of_runs if is_of_runs(by, filters) else companies.expected
    start, end = instants(company, days)
    report = asked(company, query)
    for each in METRICS:
        assert_sums(report.sums, each, compute(known, each, by, filters, start, end))
        if other is not None:
            until = compared_until(company, days, other)
            since = instants(company, other)[0]
            if since < until:
                before = compute(known, each, by, filters, since, until)
                assert report.before is not None
                assert_sums(report.before, each, before)
            else:
                assert report.before is None
    # Labels overlap: what is rounded once is the set of them.
    if prices and Dimension.LABEL not in by and not is_of_runs(by, filters):
        assert_cost(known, prices, query, report, start, end)
    assert_hidden(company, query, report, dice)


def set_prices(company: Company) -> dict[str, Decimal]:
    """Prices of some models that never changed, {id of the model: so much for a million tokens}."""
    dice, found = Random(f"prices {company.number}"), {}
    for model in TeamModel.objects.filter(team=company.team).exclude(model__in=RESERVED).order_by("pk"):
        price = Decimal(dice.randint(1, 10**9)) / 1_000
        if dice.random() < 0.7:
            make_price(company.team, model.model, date(1990, 1, 1), str(price))
            found[str(model.pk)] = price
    return found


def assert_cost(
    known: Company, prices: Mapping[str, Decimal], query: Query, report: Report, start: int, end: int
) -> None:
    """What all of it cost: of each account and model in each group it is rounded once."""
    by = list(dict.fromkeys((*query.by, Dimension.ACCOUNT, Dimension.MODEL)))
    used = companies.expected(known, "tokens", by, query.filters, start, end)
    place = by.index(Dimension.MODEL)
    lines = [(prices[series[place]], sum_) for series, sum_ in used.sums.items() if series[place] in prices]
    cost = sum((tokens * price / 10**6).quantize(CENT, ROUND_HALF_EVEN) for price, tokens in lines)
    drawn = asked(known, query.changed(measure=Measure.COST))
    for total in (each.sums.totals[COST] for each in (report, drawn)):
        # What a provider tells itself stands before any estimate.
        if total.unit.is_estimate:
            assert Decimal(total.certain) / 100 == cost


def assert_sums(sums: Sums, metric: str, answer: Expected) -> None:
    found = {series: amount.certain for series, amount in sums.by_series[metric].items() if amount.certain}
    assert found == {series: amount for series, amount in answer.sums.items() if amount}
    total = sums.totals[metric]
    assert (total.certain, total.more) == (answer.total, answer.more)


def assert_hidden(company: Company, query: Query, report: Report, dice: Random) -> None:
    """What is hidden leaves table and total; but for labels, which overlap."""
    columns = [column for column in report.sheet.columns if not column.is_rest]
    if len(report.sheet.columns) < 2 or not columns:
        return
    column = dice.choice(columns)
    rest = asked(company, query.changed(hidden=(series_text(column.series),)))
    left, gone = rest.sums.by_series, report.sums.by_series
    for metric in METRICS:
        shown = {series: each.certain for series, each in gone[metric].items() if series != column.series}
        assert {series: each.certain for series, each in left[metric].items()} == shown
        total = report.sums.totals[metric].certain
        is_whole = report.numbers.overlaps
        assert rest.sums.totals[metric].certain == (total if is_whole else sum(shown.values()))


def assert_anchor(company: Company) -> None:
    """The billing period of each account, as it was told to it, is that of the whole page."""
    for one in company.told:
        known = [each for each in as_told(one.ledger.periods) if each.starts <= microseconds(company.now)]
        newest = known[-1]
        # An open end is today's; a hundred years are cut: neither is of the account alone.
        if not 0 < newest.ends - newest.starts < 90 * 86_400_000_000:
            continue
        query = Query(period=Period("billing"), anchor=str(one.meter.pk))
        report = asked(company, query)
        quarter = companies.QUARTER
        start, end = newest.starts - newest.starts % quarter, -(-newest.ends // quarter) * quarter
        assert tuple(map(microseconds, (report.span.start, report.span.end))) == (start, end)
        for metric in METRICS:
            by = (Dimension.MODEL,)
            assert_sums(report.sums, metric, companies.expected(company, metric, by, (), start, end))


def assert_every_page(numbers: range, questions: int) -> None:
    for company in companies.found(numbers):
        assert_anchor(company)
        prices = set_prices(company)
        for question in range(questions):
            try:
                assert_page(company, prices, Random(f"page {company.number} {question}"))
            except AssertionError as broken:
                raise AssertionError(f"company {company.number}, question {question}") from broken


def test_every_question_of_an_address_is_answered_to_the_token() -> None:
    assert_every_page(range(701, 705), questions=25)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", parts(range(710, 910, 50), in_chaos=1))
def test_thousands_of_addresses_are_answered_to_the_token(first: int) -> None:
    assert_every_page(range(first, first + 50), questions=20)
