"""A team whose keys are told of models and use them, on days of November 2026."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape

from rax import Model
from teams.models import Key, Team
from tests.cast import Cast
from tests.usage.polled import answer, make_meter, plan_next
from usage.books.ingest import store
from usage.catalogue.answers import take_answer
from usage.catalogue.changes import take_models
from usage.models import CatalogueModel, Meter

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD, NEW = Model("rax-4.0", context_window=8192, max_tokens=4096), Model("rax-4.5")
MODELS = "/t/acme/models/"


def make_model(team: Team) -> CatalogueModel:
    """A model that some provider offers."""
    (change,) = take_models(team, "https://api.example.com/v1", [OLD], NOON)
    return change.model


def tell(key: Key, models: list[Model], at: datetime) -> None:
    """A key is answered to `/models`, as a poll is."""
    take_answer(key.team, key, models, at)


def use(key: Key, model: str, by_day: Mapping[int, int]) -> Meter:
    """Polled on the hour since 1 November: so many tokens of a model in the second hour of some days."""
    meter, told, at, answers = make_meter(key, NOON), 0, NOVEMBER[0] + HOUR, []
    while at <= NOON:
        told += by_day.get(at.day, 0) if at.hour == 2 else 0
        counters = {model: (told, 1)} if told else {}
        answers.append(answer(meter, at - timedelta(seconds=0.5), counters, *NOVEMBER))
        at += HOUR
    store(answers)
    plan_next(meter, NOON)
    return meter


def words(cast: Cast, query: str = "", person: str = "vera") -> str:
    """The words of the page as they are read."""
    response = cast.client(person).get(f"{MODELS}{query}")
    assert response.status_code == 200
    text = re.sub(r"<[^>]*>", " ", unescape(response.text))
    return re.sub(r" (?=[.,;])", "", " ".join(text.replace("\u2068", "").replace("\u2069", "").split()))
