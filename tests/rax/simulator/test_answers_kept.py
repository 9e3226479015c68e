"""What the client keeps of a server that has its own clock, tells prices, and repeats the key."""

from datetime import timedelta

import pytest

from rax import AuthenticationError, Client, Connections
from tests.rax.simulator.conftest import HELLO, NOON

SPELLINGS = {
    "": "rax_demo_pro",
    "base64": "cmF4X2RlbW9fcHJv",
    "hex": "7261785f64656d6f5f70726f",
    "upper": "RAX_DEMO_PRO",
    "url": "rax%5Fdemo%5Fpro",
    "beginning": "rax_demo_pr",
}
ASK = {"model": "rax-4.0", "messages": HELLO}


@pytest.fixture
async def client(server):
    async with Connections(allow=["127.0.0.0/8"]) as connections:
        yield Client("rax_demo_pro", base_url=server.base_url, connections=connections, get_retries=0)


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_the_key_is_redacted_however_it_comes_back(client, simulator, spelling):
    simulator.settings.faults = f"echo-key:{spelling}"
    kept = (await client.usage()).answer
    assert kept.headers["x-asked-with"].startswith("***")
    assert b'"asked_with":"***' in kept.body
    assert SPELLINGS[spelling] not in f"{kept}{kept.text}"


async def test_the_key_is_redacted_in_a_stream_and_a_refusal(client, simulator):
    simulator.settings.faults = "echo-key"
    async with client.chat_stream(**ASK) as stream:
        assert stream.answer.headers["x-asked-with"] == "***"
    simulator.settings.faults = "401,echo-key"
    with pytest.raises(AuthenticationError) as caught:
        await client.usage()
    assert caught.value.answer.headers["x-asked-with"] == "***"


async def test_the_time_is_that_of_the_server(client, simulator):
    assert (await client.usage()).answer.date == NOON
    simulator.settings.faults = "odd-date:-90"
    assert (await client.models()).answer.date == NOON - timedelta(seconds=90)
    simulator.settings.faults = "odd-date"
    assert (await client.usage()).answer.date is None


async def test_money_is_read_where_it_is_told(client, simulator):
    usage = await client.usage()
    assert (usage.cost, usage.currency) == (None, None)
    simulator.settings.dialect, simulator.settings.currency = "client", "USD"
    usage = await client.usage()
    assert (usage.cost, usage.currency) == (0, "USD")
