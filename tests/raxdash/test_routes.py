"""Every route is in the registry, and lets in whom the registry says and nobody else."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from raxdash.acts import ACTS
from raxdash.routes import ROUTES, Route, Scope
from teams.acts import Act
from teams.models import Membership, Role
from tests.cast import Cast

BY_ROLE = {Role.OWNER: "alice", Role.ADMIN: "adam", Role.MEMBER: "bob", Role.VIEWER: "vera"}
TEAM_ROUTES = [route for route in ROUTES if route.scope is Scope.TEAM]
LET_IN = {200, 204, 302, 303, 422}
FIXED = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
}


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        else:
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def address(route: Route, cast: Cast, objects: dict[str, dict[str, object]], person: str = "alice") -> str:
    named = objects.get(f"{route.name} of {person}") or objects.get(route.name, {})
    arguments: dict[str, object] = {**FIXED.get(route.name, {}), **named}
    if route.scope is Scope.TEAM:
        arguments["slug"] = cast.team.slug
    return reverse(route.name, kwargs=arguments)


def test_every_route_is_in_the_registry() -> None:
    assert sorted(names(get_resolver())) == sorted(route.name for route in ROUTES)


@pytest.mark.parametrize("route", TEAM_ROUTES, ids=lambda route: route.name)
def test_outsiders_see_no_team(route: Route, cast: Cast, team_objects: dict[str, dict[str, object]]) -> None:
    for method in route.methods:
        answer = cast.client("charlie").generic(method, address(route, cast, team_objects))
        assert answer.status_code == 404, method


@pytest.mark.parametrize("route", TEAM_ROUTES, ids=lambda route: route.name)
def test_strangers_are_sent_to_the_login(
    route: Route, cast: Cast, team_objects: dict[str, dict[str, object]]
) -> None:
    for method in route.methods:
        answer = cast.client("stranger").generic(method, address(route, cast, team_objects))
        assert answer.status_code == 302, method
        assert urlsplit(answer["Location"]).path == reverse("account_login"), method


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", TEAM_ROUTES, ids=lambda route: route.name)
def test_members_may_what_their_role_says(
    route: Route, role: Role, cast: Cast, team_objects: dict[str, dict[str, object]]
) -> None:
    assert route.act is not None
    client = cast.client(BY_ROLE[role])
    for method in route.methods:
        status = client.generic(method, address(route, cast, team_objects, BY_ROLE[role])).status_code
        if role in route.act.roles:
            assert status in LET_IN, (method, status)
        else:
            assert status == 403, (method, status)


@pytest.mark.parametrize("route", TEAM_ROUTES, ids=lambda route: route.name)
def test_its_view_asks_the_very_act_that_the_registry_names(
    route: Route, cast: Cast, team_objects: dict[str, dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, Role.VIEWER, but=route.act, to=Role.OWNER)
    path = address(route, cast, team_objects, "adam")
    assert statuses(cast.client("adam"), route, path) == {403}
    set_all(monkeypatch, Role.OWNER, but=route.act, to=Role.VIEWER)
    path = address(route, cast, team_objects, "vera")
    assert statuses(cast.client("vera"), route, path) <= LET_IN


def set_all(monkeypatch: pytest.MonkeyPatch, least: Role, *, but: Act | None, to: Role) -> None:
    """Let everybody from this role on do everything, `but` one act, which begins at another role."""
    for act in ACTS:
        monkeypatch.setattr(act, "least", to if act is but else least)


def statuses(client: Client, route: Route, path: str) -> set[int]:
    return {client.generic(method, path).status_code for method in route.methods}


def test_routes_of_teams_alone_ask_an_act() -> None:
    assert {route.name for route in ROUTES if route.act} == {route.name for route in TEAM_ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_other_methods_are_refused(
    route: Route, cast: Cast, team_objects: dict[str, dict[str, object]]
) -> None:
    client = cast.client("alice")
    for method in {"GET", "POST"} - set(route.methods) if route.scope is Scope.TEAM else ():
        assert client.generic(method, address(route, cast, team_objects)).status_code == 405, method


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.scope is not Scope.TEAM and route.is_page],
    ids=lambda r: r.name,
)
def test_pages_outside_teams_answer_strangers_in_words(
    route: Route, cast: Cast, team_objects: dict[str, dict[str, object]]
) -> None:
    answer = cast.client("stranger").get(address(route, cast, team_objects))
    if route.scope is Scope.ACCOUNT:
        assert urlsplit(answer["Location"]).path == reverse("account_login")
    else:
        assert answer.status_code in {200, 302, 404, 503}


def test_a_person_thrown_out_sees_nothing_at_once(cast: Cast) -> None:
    client = cast.client("bob")
    page = reverse("teams:keys", kwargs={"slug": cast.team.slug})
    assert client.get(page).status_code == 200
    Membership.objects.filter(user=cast.bob).delete()
    assert client.get(page).status_code == 404
