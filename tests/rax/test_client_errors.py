"""The tree of errors, over a real socket."""

import datetime
import json
import socket
import ssl
import traceback
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rax import (
    AnswerError,
    ArgumentError,
    AuthenticationError,
    BadRequestError,
    BaseURLError,
    Client,
    ConnectError,
    ConnectionLostError,
    Key,
    Kind,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    StatusError,
    Timeouts,
    UnavailableError,
)
from tests.rax.conftest import CUT, KEY, listening
from tests.rax.wire import ASK, CHAT, MODELS, answer, fails, read_texts

INVALID_KEY = {
    "error": {
        "message": "Invalid API key provided",
        "type": "invalid_request_error",
        "code": "invalid_api_key",
        "status": 401,
    }
}
TREE = [
    (400, BadRequestError, Kind.BAD_REQUEST, False),
    (401, AuthenticationError, Kind.AUTHENTICATION, False),
    (403, PermissionDeniedError, Kind.PERMISSION_DENIED, False),
    (404, NotFoundError, Kind.NOT_FOUND, False),
    (405, NotFoundError, Kind.NOT_FOUND, False),
    (418, StatusError, Kind.OTHER_STATUS, False),
    (422, BadRequestError, Kind.BAD_REQUEST, False),
    (429, RateLimitError, Kind.RATE_LIMITED, False),
    (500, ServerError, Kind.SERVER_ERROR, True),
    (502, ServerError, Kind.SERVER_ERROR, True),
    (503, UnavailableError, Kind.UNAVAILABLE, False),
    (302, StatusError, Kind.OTHER_STATUS, False),
]


def self_signed(path: Path) -> ssl.SSLContext:
    """A server's TLS settings, with a certificate for 127.0.0.1 that no authority has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin.replace(year=2120))
    certificate = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize(("status", "error_class", "kind", "maybe_billed"), TREE)
async def test_it_raises_the_class_of_the_status(
    server, client, status, error_class, kind, maybe_billed, streams
):
    server.answers = [answer(b"<html>No</html>", status=status, location="/elsewhere")]
    error = await fails(
        read_texts(client.chat_stream(**ASK, include_usage=False)) if streams else client.chat(**ASK)
    )
    assert (type(error), error.kind, error.maybe_billed) == (error_class, kind, maybe_billed)
    assert (error.status_code, error.body) == (status, "<html>No</html>")
    assert len(server.requests) == 1


async def test_it_carries_what_the_api_said(server, client):
    server.answers = [answer(INVALID_KEY, status=401, x_request_id="req_7", x_ratelimit_remaining="3")]
    error = await fails(client.chat(**ASK))
    assert (error.code, error.request_id, error.provider_message) == (
        "invalid_api_key",
        "req_7",
        "Invalid API key provided",
    )
    assert error.limits.requests_remaining == 3
    assert str(error) == "The API answered 401 (invalid_api_key): Invalid API key provided"


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ({"error": {"message": "No", "code": 17}}, "No", "17"),
        ({"error": "No"}, "No", None),
        ({"detail": "No"}, "No", None),
        ({"detail": [{"msg": "No", "loc": ["body"]}]}, "No", None),
        ({"detail": {"error": {"message": "No", "code": "bad_request"}}}, "No", "bad_request"),
        ({"message": "No", "code": "bad_request"}, "No", "bad_request"),
        (b"No", "No", None),
        ({"error": {"message": {"a": 1}, "code": None}}, "", None),
        ({"error": []}, "", None),
        (b"", "", None),
    ],
)
async def test_it_reads_error_bodies_of_every_shape(server, client, body, message, code):
    server.answers = [answer(body, status=400)]
    error = await fails(client.chat(**ASK))
    assert (type(error), error.provider_message, error.code) == (BadRequestError, message, code)


async def test_it_says_when_to_come_back(server, client):
    server.answers = [answer({}, status=429, retry_after="17")]
    error = await fails(client.models())
    assert error.retry_after_seconds == 17
    assert len(server.requests) == 1


async def test_it_never_shows_the_key(server, client):
    echo = {"error": {"message": f"Unknown key {KEY}", "code": KEY}}
    server.answers = [answer(echo, status=401)]
    error = await fails(client.chat(**ASK))
    shown = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(client)
    assert KEY not in shown
    assert error.provider_message == "Unknown key ***"


@pytest.mark.parametrize("key", ["", "a b", "a\n", "a\x00", "ключ", "x" * 513, " a", None])
def test_it_refuses_a_key_of_the_wrong_shape_without_showing_it(key):
    with pytest.raises(ArgumentError) as caught:
        Client(key)
    assert str(caught.value) == "The key must be printable ASCII without spaces, at most 512 characters."


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "ftp://example.com",
        "//example.com",
        "http://",
        "http://user:word@example.com",
        "http://@example.com",
        "http://example.com/?a=1",
        "http://example.com/#a",
        "http://example.com?",
        "http://example.com:99999",
        "http://[::1",
        "http://exa mple.com",
        "http://example.com\\@evil.example",
        "http://exämple.com",
        None,
    ],
)
def test_it_refuses_a_base_url_that_is_no_plain_address(base_url):
    with pytest.raises(BaseURLError):
        Client(KEY, base_url=base_url)


def test_it_drops_trailing_slashes_of_a_base_url():
    assert Client(KEY, base_url="https://example.com/v1//").base_url == "https://example.com/v1"


@pytest.mark.parametrize(
    "value", [{"temperature": float("nan")}, {"user": "\ud83d"}, {"messages": [object()]}]
)
async def test_it_refuses_what_json_cannot_say(server, client, value):
    assert isinstance(await fails(client.chat(**{**ASK, **value})), ArgumentError)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("steps", "error_class", "kind"),
    [
        ([CUT], ConnectionLostError, Kind.CONNECTION_LOST),
        ([], ConnectionLostError, Kind.CONNECTION_LOST),
        ([answer(CHAT)[:-20]], ConnectionLostError, Kind.CONNECTION_LOST),
        ([answer(CHAT)[:-20], CUT], ConnectionLostError, Kind.CONNECTION_LOST),
        ([b"SSH-2.0-OpenSSH_9.6\r\n\r\n"], AnswerError, Kind.NOT_HTTP),
        ([b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n"], AnswerError, Kind.NOT_HTTP),
        ([answer(b"<html>", content_type="text/html")], AnswerError, Kind.NOT_JSON),
        ([answer(b"")], AnswerError, Kind.NOT_JSON),
        ([answer([])], AnswerError, Kind.UNEXPECTED_SHAPE),
        ([answer({"choices": []})], AnswerError, Kind.UNEXPECTED_SHAPE),
        ([answer(b"x" * 9_000_000)], AnswerError, Kind.TOO_LARGE),
    ],
)
async def test_a_post_without_a_readable_answer_is_maybe_billed(server, client, steps, error_class, kind):
    server.answers = [steps]
    error = await fails(client.chat(**ASK))
    assert (type(error), error.kind, error.maybe_billed) == (error_class, kind, True)
    assert len(server.requests) == 1


async def test_a_refused_connection_bills_nothing(connections):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    error = await fails(Client(KEY, base_url=base_url, connections=connections).chat(**ASK))
    assert (type(error), error.kind, error.maybe_billed) == (ConnectError, Kind.CONNECT_FAILED, False)


async def test_an_unknown_name_bills_nothing(connections):
    client = Client(KEY, base_url="http://nowhere.invalid", connections=connections)
    error = await fails(client.chat(**ASK))
    assert (error.kind, error.maybe_billed) == (Kind.NAME_NOT_FOUND, False)


async def test_a_server_that_speaks_no_tls_bills_nothing(server, make_client):
    base_url = server.base_url.replace("http:", "https:")
    error = await fails(make_client(base_url=base_url, timeouts=Timeouts(connect_seconds=0.1)).chat(**ASK))
    assert (type(error), error.kind, error.maybe_billed) == (ConnectError, Kind.CONNECT_TIMEOUT, False)


async def test_a_certificate_that_nobody_signed_bills_nothing(server, make_client, tmp_path):
    async with listening(server.serve, ssl=self_signed(tmp_path / "pair.pem")) as port:
        error = await fails(make_client(base_url=f"https://127.0.0.1:{port}").chat(**ASK))
    assert (type(error), error.kind, error.maybe_billed) == (ConnectError, Kind.TLS_FAILED, False)
    assert server.requests == []


async def test_it_reads_an_error_that_comes_as_a_200(server, client):
    server.answers = [answer({"error": {"message": "No key", "code": "invalid_api_key"}})]
    assert type(await fails(client.models())) is AuthenticationError


async def test_a_code_of_strange_digits_is_no_status(server, client):
    server.answers = [answer({"error": {"message": "No", "code": "²²²"}})]
    error = await fails(client.models())
    assert (type(error), error.code) == (ServerError, "²²²")


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"total": 1, "period_start": "2024-01-01"},
        [],
        "total_tokens",
        7,
        None,
    ],
)
async def test_it_refuses_usage_that_is_no_object(server, client, value):
    server.answers = [answer(json.dumps(value).encode())]
    assert (await fails(client.usage())).kind is Kind.UNEXPECTED_SHAPE


@pytest.mark.parametrize("key", ['a"b/c\\d', "sk-1/2"])
async def test_it_blots_out_a_key_that_json_escapes(server, connections, key):
    client = Client(key, base_url=server.base_url, connections=connections)
    server.answers = [answer({"error": f"No such key {key}"}, status=401)]
    error = await fails(client.chat(**ASK))
    assert (error.provider_message, error.body) == ("No such key ***", '{"error": "No such key ***"}')


def test_a_key_shows_itself_to_nobody():
    key = Key(KEY)
    assert (f"{key} {key!r} {[key]}", key.reveal()) == ("*** *** [***]", KEY)
    assert (key, hash(key)) == (Key(KEY), hash(Key(KEY)))


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1:{port}/v1/elsewhere", "/v1/elsewhere", "//127.0.0.1:{port}"]
)
async def test_it_takes_the_key_nowhere_else(server, client, location):
    server.answers = [answer(b"", 307, location=location.format(port=server.port)), answer(MODELS)]
    for call in (client.models, lambda: client.chat(**ASK)):
        server.requests.clear()
        assert (await fails(call())).status_code == 307
        assert len(server.requests) == 1
