"""Retries, of GETs only. No story waits: numbers are arguments, and the server counts."""

import pytest

from rax import RateLimitError, RaxError, ServerError
from rax import _constants as constants
from tests.rax.conftest import CUT
from tests.rax.wire import ASK, CHAT, MODELS, answer


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(constants, "RETRY_BASE_SECONDS", 0.001)


@pytest.mark.parametrize(
    "failure",
    [answer({}, status=500), answer(b"", status=503), answer({}, status=429, retry_after="0"), [CUT], []],
)
async def test_it_asks_again_for_what_costs_nothing(server, make_client, failure):
    server.answers = [failure, failure, answer(MODELS)]
    assert len(await make_client(get_retries=2).models()) == 1
    assert len(server.requests) == 3


async def test_it_gives_up_after_its_retries(server, make_client):
    server.answers = [answer({}, status=500)]
    with pytest.raises(ServerError):
        await make_client(get_retries=2).models()
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 501])
async def test_it_does_not_ask_again_where_it_is_no_use(server, client, status):
    server.answers = [answer({}, status=status)]
    with pytest.raises(RaxError):
        await client.models()
    assert len(server.requests) == 1


async def test_it_does_not_wait_long_for_a_limit(server, client):
    server.answers = [answer({}, status=429, retry_after="3600")]
    with pytest.raises(RateLimitError):
        await client.usage()
    assert len(server.requests) == 1


@pytest.mark.parametrize("failure", [answer({}, status=500), answer({}, status=503), [CUT], []])
async def test_it_never_sends_a_post_twice(server, client, failure):
    server.answers = [answer(CHAT), failure]
    await client.chat(**ASK)
    with pytest.raises(RaxError):
        await client.chat(**ASK)
    assert len(server.requests) == 2
