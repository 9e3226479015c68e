"""Every route is in the registry, and lets in whom the registry says and nobody else."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from raxdash.acts import ACTS
from raxdash.routes import ROUTES, Route, Scope
from teams.acts import Act
from teams.models import Invitation, Membership, Role
from teams.tokens.scopes import TokenScope
from tests.cast import Cast
from tests.raxdash.conftest import Objects
from tests.teams.tokens.made import bearer, make_token
from tests.undone import undone

BY_ROLE = {Role.OWNER: "alice", Role.ADMIN: "adam", Role.MEMBER: "bob", Role.VIEWER: "vera"}
TEAM_ROUTES = [route for route in ROUTES if route.scope is Scope.TEAM]
TOKEN_ROUTES = [route for route in ROUTES if route.scope is Scope.PROGRAM]
LET_IN = {200, 204, 302, 303, 422}
# What a route names that is no object of a team.
NO_OBJECTS = {"kind", "dimension"}
FIXED = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
}


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        else:
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def address(route: Route, cast: Cast, objects: Objects, person: str = "alice") -> str:
    named = objects.get(f"{route.name} of {person}") or objects.get(route.name, {})
    arguments: dict[str, object] = {**FIXED.get(route.name, {}), **named}
    if route.scope is Scope.TEAM:
        arguments["slug"] = cast.team.slug
    return reverse(route.name, kwargs=arguments)


def test_every_route_is_in_the_registry() -> None:
    assert sorted(names(get_resolver())) == sorted(route.name for route in ROUTES)


type Asked = tuple[Route, str, Any]


def asked(person: str, cast: Cast, objects: Objects, of: str = "alice") -> Iterator[Asked]:
    """Every route of teams, each of its methods, and its answer; each finds the objects as they were."""
    client = cast.client(person)
    for route in TEAM_ROUTES:
        for method in route.methods:
            with undone():
                answer = client.generic(method, address(route, cast, objects, of))
            yield route, method, answer


def test_outsiders_see_no_team(cast: Cast, team_objects: Objects) -> None:
    for route, method, answer in asked("charlie", cast, team_objects):
        assert answer.status_code == 404, (route.name, method)


def test_nobody_finds_an_object_of_another_team_in_their_own(cast: Cast, team_objects: Objects) -> None:
    """Charlie owns a team, and guesses the numbers of what Acme has."""
    client, team = cast.client("charlie"), {"slug": cast.other_team.slug}
    for route in TEAM_ROUTES:
        named = team_objects.get(route.name, {})
        if named.keys() - NO_OBJECTS and route.name != "teams:revoke_invitation":
            for method in route.methods:
                with undone():
                    address = reverse(route.name, kwargs=named | team)
                    answer = (
                        client.get(address) if method == "GET" else client.post(address, {"role": "viewer"})
                    )
                assert answer.status_code == 404, (route.name, method)
    # It is gone, whether it was there or not.
    client.post(reverse("teams:revoke_invitation", kwargs=team_objects["teams:revoke_invitation"] | team))
    assert Invitation.objects.filter(team=cast.team).exists()


def test_strangers_are_sent_to_the_login(cast: Cast, team_objects: Objects) -> None:
    for route, method, answer in asked("stranger", cast, team_objects):
        assert answer.status_code == 302, (route.name, method)
        assert urlsplit(answer["Location"]).path == reverse("account_login"), (route.name, method)


@pytest.mark.parametrize("role", list(Role))
def test_members_may_what_their_role_says(role: Role, cast: Cast, team_objects: Objects) -> None:
    person = BY_ROLE[role]
    for route, method, answer in asked(person, cast, team_objects, of=person):
        assert route.act is not None
        is_right = answer.status_code in LET_IN if role in route.act.roles else answer.status_code == 403
        assert is_right, (route.name, method, answer.status_code)


def test_its_view_asks_the_very_act_that_the_registry_names(
    cast: Cast, team_objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    adam, vera = cast.client("adam"), cast.client("vera")
    for route in TEAM_ROUTES:
        with undone():
            set_all(monkeypatch, Role.VIEWER, but=route.act, to=Role.OWNER)
            refused = statuses(adam, route, address(route, cast, team_objects, "adam"))
            set_all(monkeypatch, Role.OWNER, but=route.act, to=Role.VIEWER)
            let_in = statuses(vera, route, address(route, cast, team_objects, "vera"))
        assert refused == {403}, route.name
        assert let_in <= LET_IN, (route.name, let_in)


def set_all(monkeypatch: pytest.MonkeyPatch, least: Role, *, but: Act | None, to: Role) -> None:
    """Let everybody from this role on do everything, `but` one act, which begins at another role."""
    for act in ACTS:
        monkeypatch.setattr(act, "least", to if act is but else least)


def statuses(client: Client, route: Route, path: str) -> set[int]:
    return {client.generic(method, path).status_code for method in route.methods}


def test_routes_of_teams_and_programs_alone_ask_an_act() -> None:
    named = {route.name for route in (*TEAM_ROUTES, *TOKEN_ROUTES)}
    assert {route.name for route in ROUTES if route.act} == named
    assert {route.token_scope for route in TOKEN_ROUTES} == set(TokenScope)


def answers(token: str) -> dict[str, int]:
    """What programs with this token are answered: {route: status}."""
    return {
        route.name: Client().get(reverse(route.name), headers=bearer(token)).status_code
        for route in TOKEN_ROUTES
    }


@pytest.mark.parametrize("role", list(Role))
def test_a_token_may_what_its_maker_s_role_says_and_it_was_made_for(role: Role, cast: Cast) -> None:
    maker = getattr(cast, BY_ROLE[role])
    everything = answers(make_token(cast.team, maker)[1])
    assert everything == {
        route.name: 200 if route.act and role in route.act.roles else 403 for route in TOKEN_ROUTES
    }
    for scope in TokenScope:
        found = answers(make_token(cast.team, maker, scope)[1])
        assert {name for name, status in found.items() if status == 200} == {
            route.name for route in TOKEN_ROUTES if route.token_scope == scope
        }


def test_its_view_asks_the_very_act_of_a_token_s_maker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {person: make_token(cast.team, getattr(cast, person))[1] for person in ("adam", "vera")}
    for route in TOKEN_ROUTES:
        set_all(monkeypatch, Role.VIEWER, but=route.act, to=Role.OWNER)
        assert answers(tokens["adam"])[route.name] == 403
        set_all(monkeypatch, Role.OWNER, but=route.act, to=Role.VIEWER)
        assert answers(tokens["vera"])[route.name] == 200
        monkeypatch.undo()


def test_programs_need_a_token_and_nothing_else_counts(cast: Cast) -> None:
    for route in TOKEN_ROUTES:
        for person in ("alice", "charlie", "stranger"):
            assert cast.client(person).get(reverse(route.name)).status_code == 401, route.name


def test_other_methods_are_refused(cast: Cast, team_objects: Objects) -> None:
    client = cast.client("alice")
    for route in TEAM_ROUTES:
        for method in {"GET", "POST"} - set(route.methods):
            answer = client.generic(method, address(route, cast, team_objects))
            assert answer.status_code == 405, (route.name, method)


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.scope is not Scope.TEAM and route.is_page],
    ids=lambda r: r.name,
)
def test_pages_outside_teams_answer_strangers_in_words(
    route: Route, cast: Cast, team_objects: Objects
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
