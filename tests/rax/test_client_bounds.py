"""What a server may not do to us: inflate, redirect, set cookies, or reach another key's connections."""

import asyncio
import gzip
import zlib

import pytest

from rax import BadRequestError, Kind, _constants
from tests.rax.conftest import HOLD
from tests.rax.wire import ASK, CHAT, MODELS, USAGE, answer, fails, read_texts, stream_head


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
async def test_it_inflates_json_although_it_asked_for_none(server, client, compress):
    encoding = "gzip" if compress is gzip.compress else "deflate"
    server.answers = [answer(compress(answer(USAGE).partition(b"\r\n\r\n")[2]), content_encoding=encoding)]
    assert (await client.usage()).total_tokens == 150000
    assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("body", "encoding", "kind"),
    [
        (gzip.compress(b" " * 50_000_000), "gzip", Kind.TOO_LARGE),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip", Kind.ENCODED),
        (b"{}", "gzip", Kind.ENCODED),
        (b"{}", "br", Kind.ENCODED),
    ],
)
async def test_it_bounds_what_it_inflates(server, client, body, encoding, kind):
    server.answers = [answer(body, content_encoding=encoding)]
    assert (await fails(client.models())).kind is kind


async def test_it_refuses_a_compressed_stream(server, client):
    server.answers = [[stream_head(content_encoding="gzip"), gzip.compress(b"data: {}\n\n", mtime=0)]]
    error = await fails(read_texts(client.chat_stream(**ASK)))
    assert (error.kind, error.maybe_billed) == (Kind.ENCODED, True)


async def test_no_cookie_of_one_key_reaches_another(server, client, make_client):
    server.answers = [answer(MODELS, set_cookie="session=1; Path=/")]
    await client.models()
    await make_client().models()
    assert "cookie" not in server.requests[1].headers


async def test_it_follows_no_redirect(server, client):
    server.answers = [answer({}, status=307, location=server.base_url + "/elsewhere"), answer(CHAT)]
    assert (await fails(client.chat(**ASK))).status_code == 307
    assert len(server.requests) == 1


async def test_it_asks_no_proxy_of_the_environment(server, client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.answers = [answer(MODELS)]
    assert len(await client.models()) == 1


async def test_the_body_of_an_error_is_waited_for_a_moment(server, client, monkeypatch):
    monkeypatch.setattr(_constants, "ERROR_BODY_SECONDS", 0.05)
    server.answers = [[b"HTTP/1.1 400 No\r\n\r\n", b"It broke", HOLD]]
    for ask in (client.chat(**ASK), read_texts(client.chat_stream(**ASK)), client.models()):
        async with asyncio.timeout(10):
            error = await fails(ask)
        assert (type(error), error.provider_message) == (BadRequestError, "It broke")
