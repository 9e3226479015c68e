"""What the page of prices shows: each model's price now, what it was, and which models have none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from django.db.models import Exists, OuterRef

from common.lists import ListAddress, ListPage
from teams.models import Team
from usage.books.answers.breakdown import RESERVED
from usage.models import Price, TeamModel
from usage.prices.money import price_words

MODELS_PER_PAGE = 25
MOST_UNPRICED = 12


class State(StrEnum):
    """Whether a row holds."""

    NOW = "now"
    LATER = "later"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Row:
    """A price and the days on which it holds; `last` is None while it has no end."""

    price: Price
    last: date | None
    state: State

    @property
    def amounts(self) -> tuple[str, str, str]:
        """What a million tokens cost, in all, in and out, as people read it."""
        price = self.price
        return (
            price_words(price.per_million),
            price_words(price.input_per_million),
            price_words(price.output_per_million),
        )


@dataclass(frozen=True, slots=True)
class ModelPrices:
    """All that was said of one model, the newest day first."""

    model: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of models with prices; of the `unpriced` that were used the first, and how many there are."""

    page: ListPage[Price]
    models: list[ModelPrices]
    unpriced: list[str]
    unpriced_count: int


def overview(team: Team, query: Mapping[str, str]) -> Overview:
    """Read the address, and the prices of the models it shows; a few queries, however many there are."""
    prices = Price.objects.for_team(team)
    later = Price.objects.filter(team=team, model=OuterRef("model"), valid_from__gt=OuterRef("valid_from"))
    page = ListAddress(query).page_of(prices.filter(~Exists(later)), MODELS_PER_PAGE)
    rows = prices.filter(model__in=[newest.model for newest in page])
    today = team.today()
    shown = [ModelPrices(name, rows_of(each, today)) for name, each in groupby(rows, attrgetter("model"))]
    priced = Price.objects.amounts().filter(team=team, model=OuterRef("model"))
    used = TeamModel.objects.filter(~Exists(priced), team=team).exclude(model__in=RESERVED).order_by("model")
    unpriced = list(used.values_list("model", flat=True))
    return Overview(page, shown, unpriced[:MOST_UNPRICED], len(unpriced))


def rows_of(prices: Iterable[Price], today: date) -> list[Row]:
    """The rows of one model, given by the newest day first."""
    rows: list[Row] = []
    following: date | None = None
    for price in prices:
        last = following - timedelta(days=1) if following else None
        rows.append(Row(price, last, state_of(price.valid_from, last, today)))
        following = price.valid_from
    return rows


def state_of(first: date, last: date | None, today: date) -> State:
    """Whether days have come, or have passed."""
    if first > today:
        return State.LATER
    return State.BEFORE if last and last < today else State.NOW
