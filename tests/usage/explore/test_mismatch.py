"""One token between the provider's total and its models, and the page's words change."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from rax.simulator import Simulator, running_simulator
from teams.models import Key
from tests.cast import Cast
from tests.usage.totals import totals
from usage.ledger import Event
from usage.models import Annotation, RawPoll
from usage.polls import polling


@pytest.fixture
def provider(settings):
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as server:
        server.simulator.record(server.simulator.keys["rax_demo_pro"], "rax-4.0", 1_234)
        yield server


@pytest.fixture
def alice(cast: Cast, provider) -> Client:
    Key.objects.exclude(pk=cast.key.pk).delete()
    cast.key.move_to(provider.base_url)
    cast.key.set_secret("rax_demo_pro")
    cast.key.save()
    return cast.client("alice")


def words(client, provider, fault):
    """What the page says after a poll with a fault."""
    provider.simulator.settings.faults = fault
    (outcome,) = polling.poll_now(timezone.now() + timedelta(minutes=RawPoll.objects.count()))
    assert outcome.error == ""
    return unescape(client.get("/t/acme/usage/?period=billing").content.decode())


@pytest.mark.django_db
def test_one_token_more_or_less_changes_the_words(alice: Client, cast: Cast, provider) -> None:
    assert "matches the provider<" in words(alice, provider, "")
    more = words(alice, provider, "mismatch")
    assert "matches the provider; 1 token of its total without a model" in more
    assert "Unattributed" in more
    assert "the provider's models exceed its total" not in more
    provider.simulator.record(provider.simulator.keys["rax_demo_pro"], "rax-4.0", 10)
    less = words(alice, provider, "mismatch:-1")
    assert "the provider's models exceed its total by 1 token<" in less
    assert Annotation.objects.filter(event=Event.MISMATCH).exists()


@pytest.mark.django_db
def test_the_total_shown_is_the_provider_s_total_with_the_odd_token(
    alice: Client, cast: Cast, provider
) -> None:
    words(alice, provider, "mismatch")
    raw = RawPoll.objects.get()
    assert sum(tokens for tokens, _ in raw.breakdown.values()) == raw.total_tokens - 1
    shown = totals(cast.team, raw.period_start, timezone.now() + timedelta(hours=1))
    assert shown["tokens"] == raw.total_tokens
