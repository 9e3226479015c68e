"""Random questions with what is to be answered: by the page, and by the independent computation."""

from dataclasses import dataclass
from random import Random
from urllib.parse import parse_qs

from tests.usage.explore import companies
from tests.usage.explore.companies import Company, Expected
from tests.usage.explore.test_questions import OF_PROVIDERS, random_filters
from tests.usage.explore.test_random_pages import (
    Days,
    as_of_today,
    compared_until,
    drawn_comparison,
    drawn_days,
    instants,
    is_of_runs,
)
from usage.explore.answering import usage_report
from usage.explore.query.dimensions import Dimension
from usage.explore.query.measures import Measure
from usage.explore.query.query import Query, View, in_order
from usage.explore.query.steps import Step
from usage.explore.reading.sums.stretches import MOST_BLOCKS
from usage.explore.report import Report
from usage.models import Meter


@dataclass(frozen=True)
class Question:
    """A question, the days that it is about, and those that they are compared with."""

    query: Query
    days: Days
    other: Days | None = None

    @property
    def parts(self) -> dict[str, list[str]]:
        return parse_qs(self.query.address())

    def changed(self, **parts: object) -> "Question":
        return Question(self.query.changed(**parts), self.days, self.other)

    def page(self, company: Company) -> Report:
        facts = Meter.objects.for_team(company.team).facts(company.now)
        return usage_report(company.team, facts, self.parts, company.now)

    def joins_blocks(self, page: Report) -> bool:
        """Tell whether so many stretches stand beside each other that some are told as one."""
        return len(page.sheet.blocks) >= MOST_BLOCKS

    def expected(self, company: Company) -> Expected:
        return self._computed(company, *instants(company, self.days))

    def expected_before(self, company: Company) -> Expected | None:
        """Of the time that is compared, as far as the question's own has gone; None where there is none."""
        if self.other is None:
            return None
        since, until = instants(company, self.other)[0], compared_until(company, self.days, self.other)
        return self._computed(company, since, until) if since < until else None

    def _computed(self, company: Company, start: int, end: int) -> Expected:
        query = self.query
        known = (
            as_of_today(company, company.team.day_of(company.now)) if query.attributes_of_today else company
        )
        is_own = is_of_runs(query.by, query.filters)
        compute = companies.expected_of_runs if is_own else companies.expected
        return compute(known, query.measure.value, query.by, query.filters, start, end)


def drawn_question(company: Company, dice: Random) -> Question:
    dimensions = OF_PROVIDERS if dice.random() < 0.7 else list(Dimension)
    period, days = drawn_days(company, dice)
    query = Query(
        measure=Measure(dice.choice(("tokens", "requests"))),
        by=tuple(dice.sample(dimensions, dice.choice((1, 1, 2)))),
        filters=in_order(random_filters(company, dimensions, dice)),
        period=period,
        step=dice.choice([None, None, Step.DAY, Step.SIX_HOURS, Step.WEEK]),
        view=dice.choice([View.BARS, View.BARS, View.CUMULATIVE]),
        attributes_of_today=dice.random() < 0.3,
    )
    # A month is compared by its own lengths, which those who compute here do not know.
    if period.name == "month":
        return Question(query, days)
    compare, other = drawn_comparison(days, days.length, dice)
    return Question(query.changed(compare=compare), days, other)
