"""Who has run nothing yet is offered examples: they fill the form, and send nothing."""

import re
from html import unescape

import pytest

from playground.editor.examples import COMPARE, examples
from playground.models import Draft, Run
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from usage.models import CatalogueModel

PLAYGROUND = "/t/acme/playground/"


@pytest.fixture
def two_models(cast: Cast) -> None:
    seen = {"first_seen_at": NOON, "last_seen_at": NOON}
    for name in ("rax-4.0", "rax-4.5"):
        CatalogueModel.objects.create(team=cast.team, base_url=cast.key.base_url, name=name, **seen)


def page(cast: Cast, query: str = "", name: str = "bob") -> str:
    return unescape(cast.client(name).get(f"{PLAYGROUND}?{query}").text)


def test_they_stand_below_the_message_until_something_was_run(cast: Cast, make_run: MakeRun) -> None:
    assert 'href="/t/acme/playground/?example=answer"' in page(cast)
    assert "?example=" not in page(cast, "conversation=&conversation=")
    make_run()
    assert "?example=" not in page(cast)
    # Others begin for themselves; who only reads has nothing to begin with.
    assert "?example=" in page(cast, name="alice")
    assert "?example=" not in page(cast, name="vera")


def test_one_fills_the_form_and_sends_nothing(cast: Cast) -> None:
    shown = page(cast, "example=answer")
    for words in ("Answer this mail:\n\n{{mail}}</textarea>", "You answer support mail", "my parcel should"):
        assert words in shown
    assert "?example=" not in shown
    assert 'value="0"' in page(cast, "example=json")
    assert not Run.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("two_models")
def test_two_models_stand_beside_each_other(cast: Cast) -> None:
    assert "rax-4.0 and rax-4.5 beside each other" in page(cast)
    shown = page(cast, "example=compare")
    assert shown.count(f"{COMPARE.fields['message']}</textarea>") == 2
    fields = re.findall(r'<input[^>]* name="(?:b-)?model"[^>]*>', shown)
    assert [re.findall(r'value="([^"]+)"', one) for one in fields] == [["rax-4.0"], ["rax-4.5"]]


def test_with_one_model_there_is_nothing_to_compare(cast: Cast) -> None:
    assert [one.name for one in examples(["rax-4.0"])] == ["answer", "json"]
    assert "Ask the model something" in page(cast, "example=compare")
