"""Who asks the API, how often, by what address; and JSON whatever goes wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from teams.models import Membership, Role, Team, TeamToken
from teams.tokens.scopes import TokenScope
from tests.cast import Cast, make_key
from tests.teams.tokens.made import bearer
from tests.usage.api.conftest import SECOND, set_clock
from tests.usage.api.program import API, Program, program_of
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import make_meter, poll
from usage.api.resources import keys
from usage.api.urls import RESOURCES

PATHS = {path: found.scope for path, found in RESOURCES.items()}
SECRET = "rxd_abcdefgh_" + "0" * 64


def test_each_asks_for_its_own_scope(watched: Cast) -> None:
    for path, scope in PATHS.items():
        assert program_of(watched, "bob", scope).ask(path).status_code == 200
        answer = program_of(watched, "bob", *(set(TokenScope) - {scope})).ask(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
        assert f"without the scope {scope.value}" in answer.json()["error"]["message"]


def test_a_session_is_nobody_here(watched: Cast) -> None:
    alice = watched.client("alice")
    for path in PATHS:
        answer = alice.get(API + path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_missing")
        assert answer["WWW-Authenticate"] == 'Bearer realm="raxdash API"'


def test_a_token_opens_no_page(alice: Program) -> None:
    for page in ("/t/acme/usage/", "/t/acme/tokens/", "/"):
        answer = alice.client.get(page, headers=bearer(alice.token))
        assert (answer.status_code, "login" in answer["Location"]) == (302, True)
    assert alice.client.post("/t/acme/tokens/make/", headers=bearer(alice.token)).status_code == 302


def test_a_token_that_is_over_lets_nobody_in(alice: Program) -> None:
    def refusals() -> set[tuple[int, str]]:
        return {alice.refusal(path) for path in PATHS}

    TeamToken.objects.update(expires_at=timezone.now())
    assert refusals() == {(401, "token_expired")}
    TeamToken.objects.update(expires_at=timezone.now() + timedelta(days=1), revoked_at=timezone.now())
    assert refusals() == {(401, "token_revoked")}
    TeamToken.objects.update(revoked_at=None)
    Membership.objects.filter(user__name="Alice").delete()
    assert refusals() == {(401, "token_revoked")}


def test_a_token_sees_its_own_team_alone(watched: Cast, alice: Program) -> None:
    charlie = program_of(watched, "charlie")
    for path in PATHS:
        assert charlie.read(path)["rows"] == []
    mine = str(watched.key.pk)
    assert charlie.read("usage", filter__key=mine)["rows"] == []
    other = make_meter(make_key(watched.other_team, watched.charlie, "Theirs"), NOON)
    poll(other, NOON - SECOND, {"rax-4.0": (70, 7)}, *PERIOD)
    Team.objects.update(generation=9)
    assert alice.read("usage", period="billing")["question"]["total"]["amount"] == 2_000
    assert charlie.refusal("usage", filter__key=mine) == (400, "question_invalid")
    assert {row["amount"] for row in charlie.rows("usage", period="billing")} - {None} == {70}
    assert [row["id"] for row in alice.read("keys")["rows"]] == [mine]


def test_a_demoted_maker_reads_what_viewers_may(watched: Cast, alice: Program) -> None:
    Membership.objects.filter(user=watched.alice).update(role=Role.VIEWER)
    assert alice.ask("keys").status_code == 200


def test_a_token_in_an_address_is_refused_even_beside_the_right_one(alice: Program) -> None:
    queries = [f"{name}={SECRET}" for name in ("token", "access_token", "by")]
    for query in (*queries, f"x={SECRET.upper()}", "API_KEY=x", "a=1&token", "%74oken=x"):
        for headers in ({}, bearer(alice.token)):
            answer = alice.client.get(f"{API}usage?{query}", headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "token_in_address")
            assert SECRET not in answer.text


def test_it_is_only_read(alice: Program) -> None:
    for path in (*PATHS, "openapi.json"):
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            answer = alice.ask(path, method=method)
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
            assert answer.json()["error"]["code"] == "method_not_allowed"


def test_a_head_is_a_get_without_its_body(alice: Program) -> None:
    for path in (*PATHS, "openapi.json"):
        whole, head = alice.ask(path), alice.ask(path, method="HEAD")
        assert (head.status_code, head.content) == (200, b"")
        for name in ("Content-Type", "ETag", "Content-Length"):
            assert head[name] == whole[name]


def test_what_is_at_hand_is_not_sent_again(alice: Program) -> None:
    for path in (*PATHS, "openapi.json"):
        whole = alice.ask(path)
        tag = whole["ETag"]
        assert whole["Cache-Control"] == "private, no-cache"
        assert whole.headers.get("Vary") == (None if path == "openapi.json" else "Authorization")
        for at_hand in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = alice.ask(path, headers={"If-None-Match": at_hand})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert alice.ask(path, headers={"If-None-Match": '"other"'}).content == whole.content


def test_no_other_site_reads_it(alice: Program) -> None:
    answer = alice.ask("usage", headers={"Origin": "https://evil.example.com"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_each_token_may_ask_so_often_a_minute(
    watched: Cast, alice: Program, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    answers = [alice.ask("keys"), alice.ask("keys", by="x"), alice.ask("keys")]
    assert [answer.status_code for answer in answers] == [200, 400, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"2"}
    assert 0 < int(answers[2]["Retry-After"]) == int(answers[2]["RateLimit-Reset"]) <= 60
    assert answers[2].json()["error"]["code"] == "too_many_requests"
    assert program_of(watched, "bob").ask("keys").status_code == 200


def test_what_a_token_may_not_do_counts_too(watched: Cast, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    program = program_of(watched, "alice", TokenScope.QUOTA)
    answers = [program.ask("keys") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]


WRONG = [
    ("colour=red", "parameter_unknown"),
    ("limit=0", "parameter_invalid"),
    ("limit=5001", "parameter_invalid"),
    ("limit=1e3", "parameter_invalid"),
    ("limit=%D9%A3", "parameter_invalid"),
    ("limit=1&limit=2", "parameter_invalid"),
    ("cursor=", "parameter_invalid"),
    ("cursor=%00", "parameter_invalid"),
    ("cursor=%FF", "parameter_invalid"),
    ("cursor=x", "cursor_invalid"),
    ("cursor=" + "x" * 3_000, "cursor_invalid"),
    ("%00=1", "parameter_unknown"),
    ("&".join(f"a{n}=1" for n in range(1_100)), "parameter_invalid"),
]


def test_a_wrong_address_is_refused_in_words(alice: Program) -> None:
    for query, code in WRONG:
        for path in ("keys", "quota", "models"):
            answer = alice.client.get(f"{API}{path}?{query}", headers=bearer(alice.token))
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, code), query


def test_an_address_has_an_end(alice: Program) -> None:
    assert alice.refusal("usage", by="x" * 9_000) == (414, "address_too_long")


def test_every_error_below_it_is_json(client: Client) -> None:
    for path in ("/api/", "/api/v1/", "/api/v1/nothing", "/api/v1/usage/", "/api/v2/usage"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    answer = client.get(f"{API}usage", headers={"Host": "evil.example.com"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (LookupError("x"), 500, "server_error"),
        (OperationalError("database is locked"), 503, "unavailable"),
    ],
)
def test_a_fault_is_told_in_json_with_the_id_of_the_log(
    alice: Program, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    alice.client.raise_request_exception = False
    monkeypatch.setattr(keys, "page_of", lambda *_: _raise(error))
    answer = alice.ask("keys")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    told = answer.json()["error"]
    assert (told["code"], told["request_id"]) == (code, answer["X-Request-ID"])
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)


def _raise(error: Exception) -> None:
    raise error


def test_pages_keep_their_own_words_for_errors(client: Client) -> None:
    answer = client.get("/apix/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def queries(program: Program, **asked: str) -> int:
    """How many queries a question takes."""
    with CaptureQueriesContext(connection) as captured:
        program.read("usage", **asked)
    return len(captured)


def test_an_answer_to_the_same_question_is_made_once_a_minute(
    watched: Cast, alice: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = program_of(watched, "bob")
    bob.read("keys")
    assert queries(alice, period="7d") > 3
    assert [queries(each, period="7d") for each in (alice, bob)] == [1, 1]
    Team.objects.filter(pk=watched.team.pk).update(generation=99)
    assert queries(alice, period="7d") > 3
    set_clock(monkeypatch, NOON + timedelta(minutes=1))
    assert queries(alice, period="7d") > 3
    assert queries(alice, period="7d", by="key") > 3


def test_what_raxdash_itself_ran_is_asked_anew_each_time(alice: Program) -> None:
    alice.read("usage", by="member")
    assert queries(alice, by="member") > 3
