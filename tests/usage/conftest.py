"""A team with one key that was never polled, and a provider for the cast's."""

import pytest

from teams.models import Key, Team
from tests.usage.polls.telling import running_provider


@pytest.fixture
def team(db):
    return Team.objects.create(name="Acme", slug="acme")


@pytest.fixture
def key(team):
    return make_key(team)


@pytest.fixture
def provider(cast, settings):
    """A provider that tells what a test wants to Acme's key, which has not asked yet."""
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_provider() as running:
        cast.key.move_to(running.base_url)
        cast.key.set_secret("rax_demo_pro")
        cast.key.save()
        yield running


def make_key(team, name="Main", base_url="http://127.0.0.1:9/api/v1", secret="rax_demo_pro", **fields):
    key = Key(team=team, name=name, base_url=base_url, **fields)
    key.set_secret(secret)
    key.save()
    return key
