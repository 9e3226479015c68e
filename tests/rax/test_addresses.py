"""Where we connect, and where we do not."""

import asyncio
import socket

import pytest

from rax import (
    AddressRefusedError,
    AllowedAddresses,
    ArgumentError,
    Client,
    Connections,
    Kind,
    RaxError,
    Timeouts,
)
from tests.rax.conftest import KEY
from tests.rax.wire import MODELS, answer, fails

GLOBAL = [
    "8.8.8.8",
    "1.1.1.1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::",
]
REFUSED = [
    "127.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", GLOBAL)
def test_it_allows_global_addresses(address):
    assert AllowedAddresses().allows_address(address)


@pytest.mark.parametrize("address", REFUSED)
def test_it_refuses(address):
    assert not AllowedAddresses().allows_address(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::ffff:127.0.0.1", "::1"])
def test_it_allows_what_the_operator_lists(address):
    assert AllowedAddresses(["127.0.0.0/8", "::1"]).allows_address(address)


def test_it_trusts_listed_names_whatever_their_case():
    allowed = AllowedAddresses([" LocalHost "])
    assert allowed.allows_host("localhost.")
    assert not allowed.allows_host("localhost.example")


@pytest.mark.parametrize("entry", ["", "http://localhost", "10.0.0.0/99", "a b", "*"])
def test_it_refuses_an_entry_that_means_nothing(entry):
    with pytest.raises(ArgumentError):
        AllowedAddresses([entry])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize("stock", [False, True])
async def test_it_sends_nothing_to_a_refused_address(server, host, stock):
    async with Connections(stock_httpx=stock) as connections:
        client = Client(
            KEY, base_url=f"http://{host}:{server.port}/v1", connections=connections, get_retries=0
        )
        with pytest.raises(AddressRefusedError) as caught:
            await client.models()
    assert caught.value.kind is Kind.ADDRESS_REFUSED
    assert server.connections == 0


@pytest.mark.parametrize("stock", [False, True])
async def test_it_follows_a_listed_name(server, stock):
    server.answers = [answer(MODELS)]
    async with Connections(allow=["localhost"], stock_httpx=stock) as connections:
        client = Client(KEY, base_url=f"http://localhost:{server.port}/v1", connections=connections)
        assert len(await client.models()) == 1


@pytest.mark.parametrize("host", ["2130706433", "127.1"])
async def test_it_sends_nothing_to_an_address_in_disguise(server, host):
    async with Connections() as connections:
        client = Client(
            KEY, base_url=f"http://{host}:{server.port}/v1", connections=connections, get_retries=0
        )
        with pytest.raises(RaxError) as caught:
            await client.models()
    assert not caught.value.maybe_billed
    assert server.connections == 0


PUBLIC = ["93.184.216.34", "[2606:4700::1111]", "[::ffff:93.184.216.34]"]


@pytest.mark.parametrize("stock", [False, True])
@pytest.mark.parametrize("host", PUBLIC)
async def test_no_key_goes_to_a_public_address_unencrypted(host, stock):
    async with Connections(allow=["127.0.0.0/8"], stock_httpx=stock) as connections:
        client = Client(KEY, base_url=f"http://{host}/v1", connections=connections, get_retries=0)
        error = await fails(client.models())
    assert isinstance(error, AddressRefusedError)
    assert (error.kind, error.maybe_billed) == (Kind.PLAIN_HTTP, False)


@pytest.mark.parametrize("stock", [False, True])
async def test_a_name_that_comes_to_be_a_public_server_gets_no_key(monkeypatch, stock):
    async def resolve(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    async with Connections(stock_httpx=stock) as connections:
        client = Client(KEY, base_url="http://gateway.example/v1", connections=connections, get_retries=0)
        assert (await fails(client.models())).kind is Kind.PLAIN_HTTP


@pytest.mark.parametrize("stock", [False, True])
@pytest.mark.parametrize(("scheme", "connections_made"), [("http", 0), ("https", 1)])
async def test_a_public_server_is_asked_by_https(monkeypatch, server, stock, scheme, connections_made):
    monkeypatch.setattr("rax._addresses.is_global_unicast", lambda address: True)
    async with Connections(stock_httpx=stock) as connections:
        client = Client(
            KEY,
            base_url=f"{scheme}://127.0.0.1:{server.port}/v1",
            connections=connections,
            timeouts=Timeouts(connect_seconds=0.5),  # it knows no TLS, and says nothing
            get_retries=0,
        )
        await fails(client.models())
    assert (server.connections, server.requests) == (connections_made, [])


async def test_a_listed_public_address_is_asked_in_plain_http():
    allowed = AllowedAddresses(["93.184.216.0/24"])
    assert allowed.allows_plain_http("93.184.216.34")
    assert not allowed.allows_plain_http("93.184.217.34")
    assert not allowed.allows_plain_http("no address")
