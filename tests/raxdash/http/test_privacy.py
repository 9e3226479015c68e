"""Nothing that Django answers is kept by anybody, and a sign-out leaves nothing behind."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.headers import PERMISSIONS_POLICY
from playground.streams.endpoint import stream
from raxdash.assets.serving import StaticFiles
from raxdash.routes import ROUTES
from tests.cast import Cast
from tests.raxdash.conftest import Objects
from tests.raxdash.test_routes import address
from tests.undone import undone

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def is_private(answer: Any) -> bool:
    return (
        answer["X-Answered-By"] == "raxdash"
        and answer["Cache-Control"] == "private, no-store"
        and answer["Cross-Origin-Resource-Policy"] == "same-origin"
        and answer["Permissions-Policy"] == PERMISSIONS_POLICY
    )


def test_no_page_of_somebody_signed_in_is_kept(cast: Cast, team_objects: Objects) -> None:
    for route in ROUTES:
        path = address(route, cast, team_objects)
        for method in ("GET", "POST"):
            for headers in ({}, PART):
                told = answer(cast, method, path, headers)
                if told.status_code == 200 and route.name == "api:openapi":
                    # It has a tag, and is the same for everybody.
                    assert told["Cache-Control"] == "private, no-cache"
                    continue
                assert is_private(told), (route.name, method, headers)


def answer(cast: Cast, method: str, path: str, headers: dict[str, str]) -> Any:
    """What Alice is answered, signed in as she comes; nothing is left of what she does."""
    with undone():
        client = cast.client("alice")
        client.raise_request_exception = False
        return client.generic(method, path, headers=headers)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing-here/", 404), ("/t/acme/keys", 301), ("/t/acme/settings/", 403), ("/t/other/keys/", 404)],
)
def test_errors_and_redirects_are_not_kept(cast: Cast, path: str, status: int) -> None:
    for headers in ({}, PART):
        answer = cast.client("vera").get(path, headers=headers)
        assert (answer.status_code, is_private(answer)) == (status, True)


def test_what_is_refused_early_is_not_kept(cast: Cast) -> None:
    checking = Client(enforce_csrf_checks=True)
    checking.force_login(cast.alice)
    assert is_private(checking.post(reverse("account_logout")))
    assert is_private(cast.client("alice").get("/", headers={"Host": "elsewhere.example.com"}))


def test_an_error_of_ours_is_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("raxdash.health.HttpResponse", fail)
    client = cast.client("alice")
    client.raise_request_exception = False
    answer = client.get("/healthz")
    assert (answer.status_code, is_private(answer)) == (500, True)


def test_signing_out_leaves_nothing_in_the_browser(cast: Cast) -> None:
    client = cast.client("alice")
    page, out = client.get("/t/acme/keys/"), client.post(reverse("account_logout"))
    assert "Clear-Site-Data" not in page.headers
    # Never "cookies": that reaches every host of the domain.
    assert out["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.post(reverse("account_logout")).headers


@pytest.mark.django_db
def test_no_other_site_embeds_what_is_answered_beside_django(tmp_path: Path) -> None:
    (tmp_path / "icon.svg").write_text("<svg/>")
    files = StaticFiles(tmp_path, "/static/")
    for application, path, method in (
        (files, "/static/icon.svg", "GET"),
        (files, "/static/none.svg", "GET"),
        (stream, "/streams/playground/", "GET"),
        (stream, "/streams/playground/", "POST"),
    ):
        headers = headers_of(application, path, method)
        assert headers[b"cross-origin-resource-policy"] == b"same-origin"
        assert b"access-control-allow-origin" not in headers
        assert headers[b"x-answered-by"] == b"raxdash"
        assert headers[b"permissions-policy"] == PERMISSIONS_POLICY.encode()


def test_a_hashed_file_is_kept_for_ever(tmp_path: Path) -> None:
    (tmp_path / "page.0123456789ab.js").write_text("")
    headers = headers_of(StaticFiles(tmp_path, "/static/"), "/static/page.0123456789ab.js", "GET")
    assert headers[b"cache-control"] == b"max-age=315360000, public, immutable"


def headers_of(application: Any, path: str, method: str) -> dict[bytes, bytes]:
    """Ask an ASGI application for one path; return the headers of its answer."""
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> None:
        """Nothing is posted."""

    scope = {"path": path, "method": method, "headers": [(b"host", b"testserver")], "query_string": b""}
    asyncio.run(application(scope, receive, send))
    return dict(sent[0]["headers"])
