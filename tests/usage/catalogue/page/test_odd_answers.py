"""Whatever a server tells of its models, the poll is stored and the page is shown."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from tests.cast import Cast
from tests.usage.catalogue.page.stage import words
from usage.models import CatalogueModel, Meter, ModelChange, ModelListing
from usage.polls import polling

ODD: list[dict[str, Any]] = [
    {"context_window": -1, "max_tokens": -4096},
    {"context_window": 2**63 - 1, "max_tokens": 2**63},
    {"context_window": "8192", "max_tokens": None},
    {"context_window": [8192], "max_tokens": {"at_most": 1}, "owned_by": ["x"], "description": 7},
    {"shutdown_date": 253_402_300_799, "sunset_at": "9999-12-31T23:59:59Z"},
    {"shutdown_date": "0001-01-01", "deprecated_at": -1, "sunset_at": 1e308},
    {"shutdown_date": None, "deprecated_at": {}, "sunset_at": []},
    {"description": "\u202etxet\ud83d" * 2_000, "owned_by": "<b>" * 300},
]


def ask(provider, *models: dict[str, Any]) -> None:
    """The provider tells these, and is asked for them as if an hour had passed."""
    provider.models = json.dumps({"data": list(models)}).encode()
    Meter.objects.update(models_asked_at=None)
    polling.poll_now()


@pytest.mark.parametrize("odd", ODD)
def test_it_is_shown_and_may_become_usual_and_odd_again(cast: Cast, provider, odd: dict[str, Any]) -> None:
    for told in (odd, {"context_window": 8192}, odd):
        ask(provider, {"id": "rax-4.0"} | told)
        assert CatalogueModel.objects.count() == 1
        assert "rax-4.0" in words(cast)
    before = list(ModelChange.objects.values_list("at", "kind", "field", "before", "after"))
    call_command("catalogue", "rebuild", team=["acme"])
    assert list(ModelChange.objects.values_list("at", "kind", "field", "before", "after")) == before


def test_it_is_kept_as_it_came(cast: Cast, provider) -> None:
    ask(provider, {"id": "rax-4.0", "unknown": "to us"})
    (listing,) = ModelListing.objects.select_related("body")
    assert listing.body.text == provider.models.decode()
    assert not listing.body.is_cut


def test_of_one_that_is_too_long_what_was_read_is_kept(cast: Cast, provider) -> None:
    ask(provider, {"id": "rax-4.0", "context_window": 8192, "unknown": "x" * 300_000})
    (listing,) = ModelListing.objects.select_related("body")
    assert listing.body.is_cut
    assert len(listing.body.text) < 300
    call_command("catalogue", "rebuild")
    assert CatalogueModel.objects.get().context_window == 8192


@pytest.mark.parametrize("field", ["shutdown_date", "sunset_at", "deprecated_at"])
def test_a_retirement_that_a_server_tells_is_shown(cast: Cast, provider, field: str) -> None:
    ask(provider, {"id": "rax-4.0"})
    day = cast.team.today().toordinal() + 23
    ask(provider, {"id": "rax-4.0", field: (day - 719_163) * 86_400})
    said = words(cast)
    assert "rax-4.0 retires in 23 days; no key used it this week." in said
    assert "Will retire on" in said
    ask(provider, {"id": "rax-4.0", field: None})
    assert "retires in" not in words(cast)
