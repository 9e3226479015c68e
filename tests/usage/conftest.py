"""A team with one key that was never polled."""

import pytest

from teams.models import Key, Team


@pytest.fixture
def team(db):
    return Team.objects.create(name="Acme", slug="acme")


@pytest.fixture
def key(team):
    return make_key(team)


def make_key(team, name="Main", base_url="http://127.0.0.1:9/api/v1", secret="rax_demo_pro", **fields):
    key = Key(team=team, name=name, base_url=base_url, **fields)
    key.set_secret(secret)
    key.save()
    return key
