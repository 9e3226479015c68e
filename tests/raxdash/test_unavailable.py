"""A database that is away for a moment is told with 503 and words, and nothing that was typed is lost."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from raxdash.http.resending import SECRET
from tests.cast import Cast
from tests.installation import ROOT

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
type Trouble = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file that somebody else has locked."""
    path = tmp_path / "locked.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE thing (id)")
        other.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(path, timeout=0)) as database:
            yield database


@pytest.fixture
def trouble(locked: sqlite3.Connection) -> Trouble:
    """Make the statements that hold a text fail, as they do where the file is locked."""

    @contextmanager
    def trouble(text: str) -> Iterator[None]:
        def execute(run: Callable[..., Any], sql: str, *arguments: Any) -> Any:
            if text not in sql:
                return run(sql, *arguments)
            with connection.wrap_database_errors:
                return locked.execute("INSERT INTO thing VALUES (1)")

        with connection.execute_wrapper(execute):
            yield

    return trouble


def client_of(cast: Cast, name: str) -> Client:
    client = cast.client(name)
    client.raise_request_exception = False
    return client


def told(answer: Any) -> tuple[int, str, bool]:
    words = "The database is busy or away" in answer.content.decode()
    return answer.status_code, answer.headers.get("Retry-After", ""), words


AWAY = (503, "5", True)


@pytest.mark.parametrize(
    "table", ["django_session", "teams_user", "teams_membership", "usage_meter"], ids=lambda table: table
)
def test_a_page_says_that_the_database_is_away(cast: Cast, trouble: Trouble, table: str) -> None:
    client = client_of(cast, "alice")
    with trouble(f'FROM "{table}"'):
        answer = client.get(reverse("usage:usage", args=["acme"]))
    assert told(answer) == AWAY
    assert answer.content.decode().count("<h1") == 1
    assert 'href="/t/acme/usage/">Try again<' in answer.content.decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_leads_to_no_other_site(cast: Cast, trouble: Trouble, method: str) -> None:
    client = client_of(cast, "alice")
    with trouble(""):
        answer = client.generic(method, "/", PATH_INFO="//evil.example/a")
    assert told(answer) == AWAY
    assert '"//evil.example' not in answer.content.decode()
    assert '"/%2Fevil.example/a"' in answer.content.decode()


def test_it_asks_the_database_nothing_more(cast: Cast, trouble: Trouble) -> None:
    client = client_of(cast, "alice")
    with trouble(""):
        assert told(client.get(reverse("teams:keys", args=["acme"]))) == AWAY
        assert told(client.get("/")) == AWAY


def test_a_session_that_cannot_be_saved_is_no_bad_request(cast: Cast, trouble: Trouble) -> None:
    client = client_of(cast, "alice")
    cast.alice.set_password("an old long password")
    cast.alice.save()
    client.force_login(cast.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    new = "a new long password"
    typed = {"oldpassword": "an old long password", "password1": new, "password2": new}
    with trouble('UPDATE "django_session"'):
        assert told(client.post("/accounts/password/change/", typed)) == AWAY


@pytest.mark.parametrize("table", ["teams_key", "teams_membership"])
def test_a_part_of_a_page_keeps_the_page(cast: Cast, trouble: Trouble, table: str) -> None:
    client = client_of(cast, "alice")
    with trouble(f'FROM "{table}"'):
        answer = client.post(reverse("playground:start", args=["acme"]), {"message": "Hi"}, headers=PART)
    assert told(answer) == AWAY
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#messages", "innerHTML show:top")
    assert "<h1" not in answer.content.decode()


def test_a_form_is_offered_again_with_what_was_typed(cast: Cast, trouble: Trouble) -> None:
    address, typed = reverse("create_team"), {"name": "Ours & <theirs>\nand more", "time_zone": "UTC"}
    client = client_of(cast, "alice")
    with trouble("INSERT"):
        answer = client.post(address, typed)
    html = answer.content.decode()
    assert told(answer) == AWAY
    assert "Send it again" in html
    assert f'action="{address}"' in html
    assert "Ours &amp; &lt;theirs&gt;\nand more</textarea>" in html


def test_the_form_of_another_site_is_not_offered(cast: Cast, trouble: Trouble) -> None:
    client = client_of(cast, "alice")
    client.handler.enforce_csrf_checks = True
    with trouble('FROM "django_session"'):
        answer = client.post(reverse("teams:delete_team", args=["acme"]), {"name": "Acme"})
    assert told(answer) == AWAY
    assert "Send it again" not in answer.content.decode()


def test_a_password_is_not_written_into_the_page(cast: Cast, trouble: Trouble) -> None:
    client = client_of(cast, "stranger")
    with trouble("teams_user"):
        answer = client.post("/accounts/login/", {"login": "alice@example.com", "password": "hunter22hunter"})
    assert told(answer) == AWAY
    assert "hunter22" not in answer.content.decode()
    assert "Go back and send it again" in answer.content.decode()


def test_a_number_of_tokens_is_no_secret(cast: Cast, trouble: Trouble) -> None:
    client = client_of(cast, "alice")
    with trouble('FROM "django_session"'):
        answer = client.post(reverse("playground:start", args=["acme"]), {"message": "Hi", "max_tokens": "5"})
    assert told(answer) == AWAY
    assert "Send it again" in answer.content.decode()


def test_scripts_take_the_same_for_a_secret_as_pages() -> None:
    script = (ROOT / "static" / "common" / "keeping.js").read_text()
    assert f"const SECRET = /{SECRET.pattern}/iu;" in script


def test_a_mistake_of_ours_stays_one(cast: Cast) -> None:
    client = client_of(cast, "alice")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE usage_meter RENAME TO somewhere_else")
    answer = client.get(reverse("usage:usage", args=["acme"]))
    assert (answer.status_code, "Retry-After" in answer.headers) == (500, False)


def test_it_is_one_line_in_the_log(cast: Cast, trouble: Trouble, caplog: pytest.LogCaptureFixture) -> None:
    from raxdash.logs.formatting import not_told_already

    client = client_of(cast, "alice")
    with trouble('FROM "usage_meter"'), caplog.at_level(logging.WARNING):
        client.get(reverse("usage:usage", args=["acme"]))
    lines = [record.getMessage() for record in caplog.records if not_told_already(record)]
    assert lines == ["usage:usage: the database is busy or away (SQLITE_BUSY)"]
