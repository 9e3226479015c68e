from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from rax import Model
from tests.cast import Cast
from tests.directions import without_directions
from usage.catalogue.changes import take_models
from usage.models import CatalogueModel

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BASE, OTHER = "https://ai.example.com/v1", "https://other.example.com/v1"
MODELS = "/t/acme/models/"


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


@pytest.fixture
def offered(cast: Cast) -> None:
    """rax-4.5 has grown since yesterday, and rax-4.0 is gone."""
    small = Model(id="rax-4.5", owned_by="raxcore", context_window=8192, max_tokens=4096)
    take_models(cast.team, BASE, [small, Model(id="rax-4.0")], NOON - DAY)
    large = Model(id="rax-4.5", owned_by="raxcore", context_window=32768, max_tokens=4096)
    take_models(cast.team, BASE, [large], NOON)


def page(client: Client) -> str:
    response = client.get(MODELS)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.usefixtures("offered")
def test_it_lists_models_with_their_figures(alice: Client) -> None:
    html = page(alice)
    assert "<strong><bdi>rax-4.5</bdi></strong>" in html
    assert "32,768" in html
    assert "raxcore" in html
    assert "On offer" in html


@pytest.mark.usefixtures("offered")
def test_it_marks_what_is_gone(alice: Client) -> None:
    assert "Gone</span> since" in page(alice)


@pytest.mark.usefixtures("offered")
def test_it_lists_every_change(alice: Client) -> None:
    html = without_directions(page(alice))
    assert "Context window 8,192 → 32,768" in html
    assert html.count("Appeared") == 2
    assert "Disappeared" in html


@pytest.mark.usefixtures("offered")
def test_addresses_are_told_where_they_differ(cast: Cast, alice: Client) -> None:
    assert BASE not in page(alice)
    take_models(cast.team, OTHER, [Model(id="rax-4.5")], NOON)
    html = page(alice)
    assert BASE in html
    assert OTHER in html


def test_before_the_first_answer_it_says_what_comes(cast: Cast, alice: Client) -> None:
    assert "The provider is asked for its models" in page(alice)
    cast.key.delete()
    assert "/t/acme/keys/add/" in page(alice)


@pytest.mark.usefixtures("offered")
def test_it_takes_few_queries(cast: Cast, alice: Client, django_assert_max_num_queries) -> None:
    for number in range(20):
        take_models(cast.team, OTHER, [Model(id=f"model-{number}")], NOON)
    page(alice)
    with django_assert_max_num_queries(12):
        page(alice)


@pytest.mark.usefixtures("offered")
def test_outsiders_see_nothing(cast: Cast) -> None:
    assert cast.client("charlie").get(MODELS).status_code == 404
    assert b"rax-4.5" not in cast.client("charlie").get("/t/others/models/").content
    assert CatalogueModel.objects.filter(team=cast.team).count() == 2


def test_it_is_only_read(alice: Client) -> None:
    assert alice.post(MODELS).status_code == 405
