"""Every route that does what cannot be undone asks for a password said long ago, and no other one."""

import pytest
from django.test import Client
from django.urls import reverse

from raxdash.routes import ROUTES, Route, Scope
from teams.models import Membership
from tests.cast import Cast
from tests.said import asks, let_pass, sign_in_alice

SHORTER = {"name": "Acme", "time_zone": "UTC", "quota_time_zone": "UTC", "keep_prompts_days": "1"}
TYPED = {
    "teams:delete_team": {"name": "Acme"},
    "teams:change_role": {"role": "owner"},
    "teams:invite": {"role": "owner"},
    "teams:settings": SHORTER,
}
# What may be posted to routes that ask for some of it only.
HARMLESS = {
    "teams:change_role": {"role": "viewer"},
    "teams:invite": {"role": "viewer"},
    "teams:settings": SHORTER | {"keep_prompts_days": "0"},
}
POSTED = [route for route in ROUTES if route.scope is Scope.TEAM and "POST" in route.methods]


@pytest.fixture
def alice(cast: Cast) -> Client:
    """Alice, who signed in just now."""
    return sign_in_alice(cast)


@pytest.fixture
def late(alice: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Alice, eleven minutes after she signed in."""
    let_pass(monkeypatch)
    return alice


def address(route: Route, objects: dict[str, dict[str, object]]) -> str:
    return reverse(route.name, kwargs={"slug": "acme", **objects.get(route.name, {})})


@pytest.mark.parametrize("route", POSTED, ids=lambda route: route.name)
def test_every_route_asks_as_the_registry_says(
    route: Route, late: Client, team_objects: dict[str, dict[str, object]]
) -> None:
    answer = late.post(address(route, team_objects), TYPED.get(route.name, {}))
    assert asks(answer) is route.asks_password


@pytest.mark.parametrize("route", [route for route in POSTED if route.name in HARMLESS], ids=lambda r: r.name)
def test_what_is_harmless_asks_nothing(
    route: Route, late: Client, team_objects: dict[str, dict[str, object]]
) -> None:
    assert not asks(late.post(address(route, team_objects), HARMLESS[route.name]))


@pytest.mark.parametrize("route", [route for route in POSTED if route.asks_password], ids=lambda r: r.name)
def test_nothing_asks_where_the_password_was_said_lately(
    route: Route, alice: Client, team_objects: dict[str, dict[str, object]]
) -> None:
    assert not asks(alice.post(address(route, team_objects), TYPED.get(route.name, {})))


@pytest.mark.parametrize("route", [route for route in POSTED if route.asks_password], ids=lambda r: r.name)
def test_outsiders_are_told_nothing(
    route: Route, cast: Cast, late: Client, team_objects: dict[str, dict[str, object]]
) -> None:
    Membership.objects.filter(user=cast.alice).update(team=cast.other_team)
    assert late.post(address(route, team_objects)).status_code == 404
