"""Asking by an outbound proxy, and trusting an authority of one's own: both real."""

import asyncio
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator

import pytest

from rax import AddressRefusedError, ArgumentError, Client, ConnectError, Connections, Kind
from rax._transport import tls_context
from tests.rax.authority import Authority
from tests.rax.conftest import KEY, listening
from tests.rax.proxy import serving
from tests.rax.wire import ASK, CHAT, MODELS, answer, documented_stream, fails, stream_head

LOOPBACK = ("127.0.0.0/8",)
PROXY = "http://proxy.invalid:3128"


@pytest.fixture(params=[False, True], ids=["aiohttp", "stock httpx"])
def stock(request) -> bool:
    return request.param


@pytest.fixture
def trusts_authority(monkeypatch, tmp_path) -> Iterator[Authority]:
    """An authority that the process trusts."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    tls_context.cache_clear()
    yield authority
    tls_context.cache_clear()


async def ask(base_url: str, connections: Connections):
    return await Client(KEY, base_url=base_url, connections=connections, get_retries=0).models()


async def test_it_asks_by_the_proxy(server, stock):
    server.answers = [answer(MODELS)]
    async with (
        serving() as proxy,
        Connections(allow=LOOPBACK, proxy=proxy.url, stock_httpx=stock) as connections,
    ):
        assert len(await ask(server.base_url, connections)) == 1
    assert proxy.asked == [f"GET {server.base_url}/models HTTP/1.1"]


async def test_a_stream_comes_through_a_tunnel_that_the_proxy_cannot_read(server, stock, trusts_authority):
    server.answers = [[stream_head(), documented_stream("Hello", " world")]]
    async with (
        listening(server.serve, ssl=trusts_authority.server()) as port,
        serving() as proxy,
        Connections(allow=LOOPBACK, proxy=proxy.url, stock_httpx=stock) as connections,
    ):
        client = Client(KEY, base_url=f"https://127.0.0.1:{port}/v1", connections=connections)
        async with client.chat_stream(**ASK) as stream:
            assert "".join([chunk.text async for chunk in stream]) == "Hello world"
    assert proxy.asked == [f"CONNECT 127.0.0.1:{port} HTTP/1.1"]
    assert KEY not in str(proxy.headers)


async def test_the_proxy_is_told_who_asks_and_the_server_is_not(server, stock):
    server.answers = [answer(MODELS)]
    async with serving() as proxy:
        url = proxy.url.replace("://", "://ann:p%40ss@")
        async with Connections(allow=LOOPBACK, proxy=url, stock_httpx=stock) as connections:
            await ask(server.base_url, connections)
    assert proxy.headers[0]["proxy-authorization"] == f"Basic {b64encode(b'ann:p@ss').decode()}"
    assert "proxy-authorization" not in server.requests[0].headers


async def test_what_is_listed_as_direct_is_asked_without_it(server, stock):
    server.answers = [answer(MODELS)]
    async with Connections(allow=LOOPBACK, proxy=PROXY, direct=LOOPBACK, stock_httpx=stock) as connections:
        assert len(await ask(server.base_url, connections)) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
async def test_the_proxy_is_not_asked_for_addresses_that_are_not_allowed(stock, host):
    async with serving() as proxy, Connections(proxy=proxy.url, stock_httpx=stock) as connections:
        error = await fails(ask(f"https://{host}/v1", connections))
    assert isinstance(error, AddressRefusedError)
    assert proxy.asked == []


@pytest.mark.parametrize("host", ["93.184.216.34", "gateway.invalid"])
async def test_the_proxy_sees_no_key_on_its_way_to_a_public_server(stock, host):
    async with serving() as proxy, Connections(proxy=proxy.url, stock_httpx=stock) as connections:
        error = await fails(ask(f"http://{host}/v1", connections))
    assert error.kind is Kind.PLAIN_HTTP
    assert proxy.asked == []


async def test_a_name_that_is_not_known_here_is_the_proxys_to_find(stock):
    async with serving(refuses=502) as proxy, Connections(proxy=proxy.url, stock_httpx=stock) as connections:
        error = await fails(ask("https://gateway.invalid/v1", connections))
    assert (type(error), error.kind) == (ConnectError, Kind.PROXY_FAILED)
    assert proxy.asked == ["CONNECT gateway.invalid:443 HTTP/1.1"]


async def test_a_proxy_that_wants_credentials_says_so():
    async with serving(refuses=407) as proxy, Connections(proxy=proxy.url) as connections:
        error = await fails(ask("https://gateway.invalid/v1", connections))
    assert (error.kind, error.status_code, error.maybe_billed) == (Kind.PROXY_FAILED, 407, False)


async def test_a_proxy_that_is_not_there_bills_nothing(stock, unused_tcp_port_url):
    async with Connections(proxy=unused_tcp_port_url, stock_httpx=stock) as connections:
        client = Client(KEY, base_url="https://93.184.216.34/v1", connections=connections)
        error = await fails(client.chat(**ASK))
    assert (type(error), error.maybe_billed) == (ConnectError, False)


@pytest.fixture
async def unused_tcp_port_url():
    async with listening(lambda *_: None) as port:
        pass
    return f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    "url",
    ["", "proxy.example", "https://proxy.example", "socks5://proxy.example", "http://", "http://a/path",
     "http://a:port", "http://a?b", "http://ä", "http://[::1", 3128, b"http://a", ["http://a"]],
)  # fmt: skip
def test_it_refuses_what_is_no_proxy(url):
    with pytest.raises(ArgumentError, match="A proxy must be"):
        Connections(proxy=url)


def test_a_password_shows_itself_to_nobody():
    from rax._transport import Proxy

    assert "p4ss" not in repr(Proxy("http://ann:p4ss@proxy.example:3128"))


ASK_ALONE = """
import asyncio, sys
from rax import Client, Connections
async def main():
    async with Connections(allow=["127.0.0.1"]) as connections:
        print(len(await Client("k", base_url=sys.argv[1], connections=connections).models()))
asyncio.run(main())
"""


async def test_another_process_trusts_the_authority_of_its_environment(server, tmp_path):
    authority = Authority(tmp_path)
    server.answers = [answer(MODELS)]
    async with listening(server.serve, ssl=authority.server()) as port:
        base_url = f"https://127.0.0.1:{port}/v1"
        trusting = await run_alone(base_url, {"SSL_CERT_FILE": str(authority.file)})
        doubting = await run_alone(base_url, {})
    assert trusting == (0, "1\n")
    assert doubting[0] != 0


async def run_alone(base_url: str, more: dict[str, str]) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if name != "SSL_CERT_FILE"} | more
    command = [sys.executable, "-c", ASK_ALONE, base_url]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_a_post_by_the_proxy_is_answered(server, stock):
    server.answers = [answer(CHAT)]
    async with (
        serving() as proxy,
        Connections(allow=LOOPBACK, proxy=proxy.url, stock_httpx=stock) as connections,
    ):
        answered = await Client(KEY, base_url=server.base_url, connections=connections).chat(**ASK)
    assert answered.text == "Hello!"
