"""Random questions of random companies are answered as an independent computation does, to the token."""

from random import Random

import pytest

from tests.parts import parts
from tests.usage.explore import companies
from tests.usage.explore.companies import QUARTER, Company, Expected
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.reading import numbers, rolled
from usage.explore.reading.numbers import Numbers
from usage.ledger.words import moment

pytestmark = pytest.mark.django_db

OF_PROVIDERS = [one for one in Dimension if not one.is_own]


def random_filters(company: Company, dimensions: list[Dimension], dice: Random) -> list[Filter]:
    """Filters by ids that there are, and by some that there are not."""
    ids = {dimension: {"none"} for dimension in Dimension}
    ids[Dimension.MODEL] |= set(company.model_ids().values())
    for spans in company.owned.values():
        for _, _, known in spans:
            for dimension, values in known.items():
                ids[dimension] |= set(values)
    for run in company.runs:
        ids[Dimension.MEMBER].add(str(run.member))
        ids[Dimension.SOURCE].add(run.source)
    return [
        Filter.of(one, dice.sample(sorted(ids[one]), min(len(ids[one]), 2)), is_not=dice.random() < 0.4)
        for one in dice.sample(dimensions, dice.choice((0, 1, 1, 2)))
    ]


def random_edges(company: Company, dice: Random) -> list[int]:
    """Days of the team's zone, or any quarters of an hour."""
    watched = [at for one in company.told for at in one.world.watched()]
    if dice.random() < 0.5:
        first = company.team.day_of(moment(min(watched)))
        length = (moment(max(watched)).date() - first).days + 3
        start = dice.randint(-2, max(length - 4, 0))
        days = range(start, start + dice.randint(2, 40))
        return [companies.midnight(company, first + companies.DAY * day) for day in days]
    places = range(min(watched) // QUARTER - 9, max(watched) // QUARTER + 9)
    return [place * QUARTER for place in sorted(dice.sample(places, dice.randint(2, 6)))]


def assert_answers(company: Company, dice: Random) -> None:
    dimensions = OF_PROVIDERS if dice.random() < 0.7 else list(Dimension)
    by = dice.sample(dimensions, dice.choice((1, 2)))
    filters, edges = random_filters(company, dimensions, dice), random_edges(company, dice)
    metric, most = dice.choice(("tokens", "requests")), dice.choice((2, 8, None))
    found = numbers.read(
        company.team, list(map(moment, edges)), metric, by, company.now, filters=filters, most=most
    )
    is_own = any(one.is_own for one in [*by, *(one.dimension for one in filters)])
    compute = companies.expected_of_runs if is_own else companies.expected
    answer = compute(company, metric, by, filters, edges[0], edges[-1])
    assert found.is_own == is_own
    assert_same(found, answer, most)
    # The other metric's sums stand beside it.
    beside = "requests" if metric == "tokens" else "tokens"
    told = compute(company, beside, by, filters, edges[0], edges[-1]).sums
    assert {one: amount for one, amount in found.sums_of[beside].items() if amount} == {
        one: amount for one, amount in told.items() if amount
    }


def assert_same(found: Numbers, answer: Expected, most: int | None) -> None:
    assert {one: amount for one, amount in found.sums.items() if amount} == {
        one: amount for one, amount in answer.sums.items() if amount
    }
    assert (found.total, found.more[found.metric]) == (answer.total, answer.more)
    if not found.is_own:
        seen = sum(lengths.get("measured", 0) + lengths.get("corrected", 0) for lengths in found.qualities)
        assert seen == answer.seen
    whole = [block for block in found.blocks if not block.is_cut]
    assert sum(found.used) + sum(block.total for block in whole) == found.total
    told = sum(map(sum, found.amounts.values())) + sum(sum(block.amounts.values()) for block in whole)
    assert told == sum(answer.sums.values())
    beside = 2 if found.by == numbers.BY_MODEL else 0
    assert most is None or len(found.amounts) <= most + 1 + beside


def assert_every_answer(numbers: range, questions: int) -> None:
    for company in companies.found(numbers):
        for question in range(questions):
            try:
                assert_answers(company, Random(f"{company.number} {question}"))
            except AssertionError as broken:
                raise AssertionError(f"company {company.number}, question {question}") from broken


@pytest.mark.parametrize("at_once", [40, 0])
def test_every_question_is_answered_to_the_token(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the largest series alone are read by time, as there are too many."""
    monkeypatch.setattr(rolled, "MOST_AT_ONCE", at_once)
    assert_every_answer(range(at_once, at_once + 4), questions=10)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", parts(range(100, 400, 50), in_chaos=1))
def test_thousands_of_questions_are_answered_to_the_token(first: int) -> None:
    assert_every_answer(range(first, first + 50), questions=40)
