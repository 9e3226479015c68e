"""Random questions of random companies cost what an independent computation says, by prices that change.

Tokens are those of the independent model; they are priced here, day by day, and rounded once for each key and
model. Where a stretch that nobody saw is parted at a change of prices a token may fall on either side.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise, product
from random import Random

import pytest

from common.database.together import read
from tests.usage.explore import companies
from tests.usage.explore.companies import Company, Expected, Ids
from tests.usage.explore.test_questions import OF_PROVIDERS, random_edges, random_filters
from tests.usage.reference import adapter
from usage.explore.query.dimensions import Dimension, Filter, SeriesId
from usage.explore.reading.numbers import Asked, Numbers
from usage.explore.reading.spending import spent_by_time
from usage.explore.reading.spending.priced import Pricing
from usage.ledger.words import moment
from usage.models import Meter
from usage.prices.pricing import PriceTable, Rate
from usage.prices.tables import Prices
from usage.prices.tariffs import Tariff

pytestmark = pytest.mark.django_db

type Dated = dict[date, Decimal | None]


@dataclass(frozen=True)
class Asking:
    """A question and the prices of its company's models."""

    company: Company
    by: Sequence[Dimension]
    filters: Sequence[Filter]
    edges: Sequence[int]
    prices: dict[str, Dated]

    @property
    def is_own(self) -> bool:
        return any(one.is_own for one in [*self.by, *(one.dimension for one in self.filters)])

    def cuts(self) -> list[int]:
        """The span between the days on which some price changes."""
        days = {day for dated in self.prices.values() for day in dated}
        changes = {companies.midnight(self.company, day) for day in days}
        return sorted(
            {self.edges[0], self.edges[-1], *(c for c in changes if self.edges[0] < c < self.edges[-1])}
        )

    def price(self, model: str, at: int) -> Decimal | None:
        day, dated = self.company.team.day_of(moment(at)), self.prices.get(model, {})
        began = [since for since in dated if since <= day]
        return dated[max(began)] if began else None

    def used(self) -> Iterator[tuple[Ids, str, int, int]]:
        """(what is known of its key then, model, when, how much)."""
        since, until = self.edges[0], self.edges[-1]
        if self.is_own:
            yield from self.ran(since, until)
            return
        for one in self.company.told:
            line = one.ledger.lines["tokens"]
            kept = [
                (max(start, since), min(end, until), known)
                for start, end, known in self.company.owned[one.meter.pk]
                if max(start, since) < min(end, until) and companies.passes(known, self.filters)
            ]
            cut = companies.cut_stretches(one, "tokens", kept, Expected())
            for series, (a, b), (start, end, known) in product(line.series(), pairwise(self.cuts()), kept):
                first, last = max(a, start), min(b, end)
                if first < last:
                    amount = line.shown(series, first, last) - sum(
                        line.shown(series, max(x, first), min(y, last))
                        for x, y in cut
                        if max(x, first) < min(y, last)
                    )
                    yield known, adapter.key(series, "tokens").model, first, amount

    def ran(self, since: int, until: int) -> Iterator[tuple[Ids, str, int, int]]:
        owned = {one.meter.key_id: self.company.owned[one.meter.pk] for one in self.company.told}
        for run in self.company.runs:
            known = next(known for start, end, known in owned[run.key.pk] if start <= run.at < end)
            known = known | {Dimension.MEMBER: (str(run.member),), Dimension.SOURCE: (run.source,)}
            if since <= run.at < until and companies.passes(known, self.filters):
                yield known, run.model, run.at, run.tokens

    def lines(self) -> dict[tuple[SeriesId, ...], Decimal]:
        """What each key and model cost, rounded once, by the series that it counts in."""
        ids, exact = self.company.model_ids(), defaultdict[tuple[SeriesId, ...], Decimal](Decimal)
        for known, model, at, amount in self.used():
            told = {**known, Dimension.MODEL: (ids[model],)}
            price = self.price(model, at)
            if price is not None and companies.passes({Dimension.MODEL: (ids[model],)}, self.filters):
                by = (*self.by, Dimension.KEY, Dimension.MODEL)
                exact[tuple(product(*(told[one] for one in by)))] += amount * price / 10**6
        cent = Decimal("0.01")
        return {line: cost.quantize(cent, ROUND_HALF_EVEN) for line, cost in exact.items()}


def asking(company: Company, dice: Random) -> Asking:
    dimensions = OF_PROVIDERS if dice.random() < 0.8 else list(Dimension)
    by = dice.sample(dimensions, dice.choice((1, 2)))
    filters, edges = random_filters(company, dimensions, dice), random_edges(company, dice)
    first = company.team.day_of(moment(edges[0]))
    days = [first + companies.DAY * dice.randint(-3, 30) for _ in range(3)]
    named = [name for name in company.model_ids() if name not in companies.RESERVED]
    prices = {
        name: {day: dice.choice([None, *[Decimal(dice.randrange(10**9)).scaleb(-6)] * 5]) for day in days}
        for name in named
        if dice.random() < 0.8
    }
    return Asking(company, by, filters, edges, prices)


def answered(asked: Asking, most: int | None) -> Numbers:
    company = asked.company
    table = PriceTable(
        (model, day, None if price is None else Rate(price))
        for model, dated in asked.prices.items()
        for day, price in dated.items()
    )
    edges = tuple(map(moment, asked.edges))
    question = Asked(company.team, edges, "tokens", tuple(asked.by), company.now, tuple(asked.filters))
    facts = Meter.objects.for_team(company.team).facts(company.now)
    pricing = Pricing(facts, Tariff.of(Prices(table, "USD")), is_shown=True)
    (found,) = read(pricing.answers([(question, most)]))
    return found


def assert_answer(company: Company, dice: Random) -> None:
    asked, most = asking(company, dice), dice.choice((0, 2, 8, None))
    found, lines = answered(asked, most), asked.lines()
    sums = defaultdict[SeriesId, Decimal](Decimal)
    for line, cost in lines.items():
        for series in line:
            sums[series[: len(asked.by)]] += cost
    near = Decimal(len(lines)) / 100
    told = {series: Decimal(amount) / 100 for series, amount in found.sums.items()}
    assert told.keys() >= {series for series, cost in sums.items() if abs(cost) > near}
    far = {series: (cost, sums[series]) for series, cost in told.items() if abs(cost - sums[series]) > near}
    assert not far, (asked.by, asked.filters)
    assert abs(Decimal(found.total) / 100 - sum(lines.values())) <= near
    assert_adds_up(found, most)


def assert_adds_up(found: Numbers, most: int | None) -> None:
    """Bars and blocks are whole coins, and come to the sums; so does each series that stands by itself."""
    whole = [block for block in found.blocks if not block.is_cut]
    assert sum(found.used) + sum(block.total for block in whole) == found.total
    drawn = {*found.amounts, *(series for block in whole for series in block.amounts)}
    for series in drawn - {("rest",)}:
        beside = sum(block.amounts.get(series, 0) for block in whole)
        assert sum(found.amounts.get(series, [])) + beside == found.sums[series]
    told = sum(map(sum, found.amounts.values())) + sum(sum(block.amounts.values()) for block in whole)
    assert told == sum(found.sums.values())
    assert found.overlaps or told == found.total
    assert most is None or len(found.amounts) <= most + 1


@pytest.mark.parametrize("at_once", [200, 0])
def test_every_question_costs_what_was_used_of_each_day(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spent_by_time, "MOST_AT_ONCE", at_once)
    for company in companies.found(range(500 + at_once, 504 + at_once)):
        for question in range(15):
            try:
                assert_answer(company, Random(f"{company.number} {question}"))
            except AssertionError as broken:
                raise AssertionError(f"company {company.number}, question {question}") from broken


def test_many_series_are_placed_in_time_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar by bar, the largest by themselves and all others together."""
    for company in companies.found(range(510, 512)):
        for question in range(12):
            asked = asking(company, Random(f"placed {company.number} {question}"))
            for most in (1, 3):
                monkeypatch.setattr(spent_by_time, "MOST_AT_ONCE", 200)
                few = answered(asked, most)
                monkeypatch.setattr(spent_by_time, "MOST_AT_ONCE", 0)
                many = answered(asked, most)
                assert (few.amounts, few.used) == (many.amounts, many.used)
