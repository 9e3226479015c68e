"""No line of the log holds a token of an address, however the address is written."""

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from common import tracing
from raxdash.logs.addresses import ROUTE_WORDS, WITH_TOKEN, without_addresses

pytestmark = pytest.mark.django_db

TOKEN = "vErY-sEcReT_0123456789abcdefghijklmnopqrstu"
ADDRESSES = {
    "as it is": f"/invitations/{TOKEN}/",
    "a quote at its end": f"/invitations/{TOKEN}”/",
    "a quote, escaped": f"/invitations/{TOKEN}%E2%80%9D/",
    "a letter of the token escaped": f"/invitations/%76{TOKEN[1:]}/",
    "a letter of the route escaped": f"/%69nvitations/{TOKEN}/",
    "capitals": f"/INVITATIONS/{TOKEN}/",
    "two slashes": f"/invitations//{TOKEN}/",
    "an escaped slash": f"/invitations%2F{TOKEN}/",
    "escaped twice": f"/{quote(quote(f'invitations/{TOKEN}', safe=''))}/",
    "a line break": f"/invitations/{TOKEN}%0Aa line of its own/",
    "a NUL": f"/invitations/{TOKEN}%00/",
    "quotes and blanks": f"/invitations/%22 '{TOKEN}/",
    "no end": f"/invitations/{TOKEN}",
    "more behind it": f"/invitations/{TOKEN}/more/",
    "a query": f"/invitations/none/?token={TOKEN}#{TOKEN}",
    "a password reset": f"/accounts/password/reset/key/1-{TOKEN}”/",
    "a password reset of a longer id": f"/accounts/password/reset/key/{TOKEN}-set-password/x",
    "a confirmation that is not offered": f"/accounts/confirm-email/{TOKEN}/",
    "the first start": f"/setup/?token={TOKEN}”",
    "the first start, damaged": f"/setup/%3Ftoken%3D{TOKEN}",
    "a stream": f"/streams/playground/x/?ticket={TOKEN}",
    "somewhere else": f"/{TOKEN}",
    "a team token, sent as nobody should": f"/t/acme/usage/?key=rxd_k3f9x2ab_{TOKEN}",
}


@pytest.fixture
def told(caplog: Any) -> Iterator[list[str]]:
    """What the log says, once our handler has had it."""
    lines: list[str] = []
    with caplog.at_level("DEBUG"):
        yield lines
    assert TOKEN[4:] not in caplog.text + "".join(map(repr, [vars(record) for record in caplog.records]))


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_no_refusal_tells_the_token(told: Any, client: Client, address: str, method: str) -> None:
    getattr(client, method)(address)


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_no_refused_form_tells_where_it_came_from(told: Any, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.post("/accounts/login/", secure=True, headers={"referer": f"https://evil.example.com{address}"})
    client.post(address, secure=True, headers={"referer": f"https://evil.example.com{address}"})
    client.get(address, headers={"host": "evil.example.com"})


def test_no_traceback_tells_the_token(
    told: Any, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def fail(token: str) -> None:
        raise LookupError(f"There is no row with token {token!r}.")

    monkeypatch.setattr("teams.members.invitations.find_open", fail)
    client.raise_request_exception = False
    assert client.get(f"/invitations/{TOKEN}/").status_code == 500
    assert "LookupError: There is no row with token '…'." in caplog.text


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/invitations/{}/", "/setup/?token={}", "x?ticket={}"]
)
def test_no_line_of_other_work_tells_a_token(told: Any, address: str) -> None:
    logging.getLogger("usage").warning(
        "%s did not go out", address.format(TOKEN), extra={"to": address.format(TOKEN)}
    )


def test_what_is_no_token_stays() -> None:
    said = "Poll of rax-4.0 at /t/acme/usage/?period=month took max_tokens=500, see members/invitations.py:12"
    record = logging.makeLogRecord({"msg": said, "args": ()})
    token = tracing.address.set(
        ("/t/acme-incorporated/playground/", "", "http://localhost:8000/accounts/login/")
    )
    without_addresses(record)
    tracing.address.reset(token)
    assert record.getMessage() == said


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield path, entry


def test_every_route_with_a_token_is_known() -> None:
    for path, route in routes(get_resolver()):
        begins = re.split("[(<]", path.replace("^", ""))[0]
        if {"token", "key", "ticket"} & route.pattern.regex.groupindex.keys():
            assert begins in WITH_TOKEN
        elif not begins.startswith("t/"):
            assert {word for word in begins.split("/") if len(word) >= 8} <= ROUTE_WORDS, path
