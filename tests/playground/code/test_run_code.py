"""A run's request can be taken along as code, while its words are there."""

from html import unescape

import pytest
from django.urls import reverse

from playground.code.export.languages import LANGUAGES, Language
from playground.history.erasing import erase_all
from playground.models import Run
from tests.cast import Cast
from tests.playground.conftest import NOON
from tests.playground.history.test_sent import AWKWARD, run_of


def page(cast: Cast, run: Run, query: str = "", name: str = "vera") -> str:
    address = reverse("playground:run_code", args=["acme", run.pk])
    return unescape(cast.client(name).get(f"{address}{query}").text)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_it_is_there_in_every_language(cast: Cast, language: Language) -> None:
    shown = page(cast, run_of(cast, AWKWARD), f"?as={language.name}")
    assert 'Żółw \\"quoted\\"\\n</pre> 🙂' in shown
    assert "RAX_API_KEY" in shown


def test_it_streams_or_does_not(cast: Cast) -> None:
    run = run_of(cast, "Hi")
    assert '"stream_options": {' in page(cast, run)
    assert '"stream' not in page(cast, run, "?stream=0")
    assert '"stream"' in page(cast, run_of(cast, "Hi", stream=False), "?stream=1")


@pytest.mark.parametrize("query", ["?as=cobol", "?as=&stream=x"])
def test_another_address_shows_the_request(cast: Cast, query: str) -> None:
    assert 'aria-current="true">Request</a>' in page(cast, run_of(cast, "Hi"), query)


def test_a_key_that_has_gone_leaves_its_code(cast: Cast) -> None:
    run = run_of(cast, "Hi")
    cast.key.delete()
    assert "/chat/completions" in page(cast, run, "?as=curl")


def test_what_was_erased_is_not_there(cast: Cast) -> None:
    first = run_of(cast, "Hi")
    erase_all(Run.objects.filter(pk=first.pk), NOON)
    address = reverse("playground:run_code", args=["acme", first.pk])
    assert cast.client("bob").get(address).status_code == 404
