"""Every route that does what cannot be undone asks for a password said long ago, and no other one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from raxdash.routes import ROUTES, Route, Scope
from teams.models import Membership
from tests.cast import Cast
from tests.raxdash.conftest import Objects
from tests.said import asks, let_pass, sign_in_alice
from tests.undone import undone

SHORTER = {"name": "Acme", "time_zone": "UTC", "quota_time_zone": "UTC", "keep_prompts_days": "1"}
TYPED = {
    "teams:delete_team": {"name": "Acme"},
    "teams:change_role": {"role": "owner"},
    "teams:invite": {"role": "owner"},
    "teams:settings": SHORTER,
    "teams:make_token": {"name": "Spreadsheet", "days": "30", "scopes": "usage:read"},
}
# What may be posted to routes that ask for some of it only.
HARMLESS = {
    "teams:change_role": {"role": "viewer"},
    "teams:invite": {"role": "viewer"},
    "teams:settings": SHORTER | {"keep_prompts_days": "0"},
    "teams:make_token": {"name": ""},
}
POSTED = [route for route in ROUTES if route.scope is Scope.TEAM and "POST" in route.methods]
ASKING = [route for route in POSTED if route.asks_password]


@pytest.fixture
def alice(cast: Cast) -> Client:
    """Alice, who signed in just now."""
    return sign_in_alice(cast)


@pytest.fixture
def late(alice: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Alice, eleven minutes after she signed in."""
    let_pass(monkeypatch)
    return alice


def post(client: Client, route: Route, objects: Objects, typed: dict[str, str] | None = None) -> Any:
    """Post to a route, which finds the objects as they were; return the answer."""
    with undone():
        address = reverse(route.name, kwargs={"slug": "acme", **objects.get(route.name, {})})
        return client.post(address, typed)


def test_every_route_asks_as_the_registry_says(late: Client, team_objects: Objects) -> None:
    for route in POSTED:
        answer = post(late, route, team_objects, TYPED.get(route.name, {}))
        assert asks(answer) is route.asks_password, route.name


def test_what_is_harmless_asks_nothing(late: Client, team_objects: Objects) -> None:
    assert HARMLESS.keys() <= {route.name for route in POSTED}
    for route in POSTED:
        if route.name in HARMLESS:
            assert not asks(post(late, route, team_objects, HARMLESS[route.name])), route.name


def test_nothing_asks_where_the_password_was_said_lately(alice: Client, team_objects: Objects) -> None:
    for route in ASKING:
        answer = post(alice, route, team_objects, TYPED.get(route.name, {}))
        assert not asks(answer), route.name


def test_outsiders_are_told_nothing(cast: Cast, late: Client, team_objects: Objects) -> None:
    Membership.objects.filter(user=cast.alice).update(team=cast.other_team)
    for route in ASKING:
        assert post(late, route, team_objects).status_code == 404, route.name
