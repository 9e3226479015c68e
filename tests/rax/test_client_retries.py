"""Retries (GET only) and deadlines. No story waits: numbers are arguments, and the server counts."""

import asyncio

import pytest

from rax import DeadlineError, Kind, RateLimitError, RaxError, ServerError, Timeouts
from rax import _constants as constants
from tests.rax.conftest import CUT, HOLD
from tests.rax.wire import ASK, CHAT, MODELS, answer, delta, event, stream_head

SOON = 0.05
FAR = 60.0


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


@pytest.mark.parametrize("steps", [[HOLD], [answer(CHAT)[:-5], HOLD]])
async def test_a_whole_answer_has_a_deadline(server, make_client, steps):
    server.answers = [steps]
    with pytest.raises(DeadlineError) as caught:
        await make_client(timeouts=Timeouts(chat_seconds=SOON)).chat(**ASK)
    assert (caught.value.kind, caught.value.maybe_billed) == (Kind.TOTAL_DEADLINE, True)
    await server.left.wait()


async def test_a_get_has_a_deadline_and_bills_nothing(server, make_client):
    server.answers = [[HOLD]]
    with pytest.raises(DeadlineError) as caught:
        await make_client(timeouts=Timeouts(get_seconds=SOON)).models()
    assert not caught.value.maybe_billed


async def read(stream) -> None:
    async with stream:
        async for _ in stream:
            pass


HEARTBEATS = [b": still here\n\n", 0.005] * 200


@pytest.mark.parametrize(
    ("steps", "timeouts", "kind"),
    [
        ([HOLD], Timeouts(idle_seconds=SOON), Kind.IDLE_DEADLINE),
        ([stream_head(), HOLD], Timeouts(idle_seconds=SOON), Kind.IDLE_DEADLINE),
        ([stream_head(), event(delta("Hi")), HOLD], Timeouts(idle_seconds=SOON), Kind.IDLE_DEADLINE),
        ([stream_head(), *HEARTBEATS, HOLD], Timeouts(idle_seconds=SOON), Kind.IDLE_DEADLINE),
        (
            [stream_head(), *[event(delta("Hi")), 0.005] * 200, HOLD],
            Timeouts(stream_seconds=SOON),
            Kind.TOTAL_DEADLINE,
        ),
        ([HOLD], Timeouts(stream_seconds=SOON), Kind.TOTAL_DEADLINE),
    ],
)
async def test_a_stream_has_deadlines(server, make_client, steps, timeouts, kind):
    server.answers = [steps]
    with pytest.raises(DeadlineError) as caught:
        await read(make_client(timeouts=timeouts).chat_stream(**ASK))
    assert (caught.value.kind, caught.value.maybe_billed) == (kind, True)


async def test_a_finished_answer_does_not_wait_for_a_server_that_says_no_more(
    server, make_client, monkeypatch
):
    monkeypatch.setattr("rax._streaming.AFTER_FINISH_SECONDS", SOON)
    server.answers = [[stream_head(), event(delta("Hi", finish="stop")), HOLD]]
    async with (
        asyncio.timeout(FAR / 10),
        make_client(timeouts=Timeouts(idle_seconds=FAR)).chat_stream(**ASK) as stream,
    ):
        assert [chunk.text async for chunk in stream] == ["Hi"]
    assert (stream.finish_reason, stream.done, stream.ended_early) == ("stop", False, False)
    await server.left.wait()
