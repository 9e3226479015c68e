"""How long an answer is waited for. Silence is scripted, and deadlines are small."""

import asyncio

import pytest

from rax import ArgumentError, ConnectError, Deadline, DeadlineError, Kind, Timeouts
from tests.rax.conftest import HOLD
from tests.rax.wire import ASK, CHAT, MODELS, answer, chunked, delta, event, stream_head

SOON = 0.05
FAR = 60.0
# Longer than a deadline in all, and never silent for one, even where the machine is busy.
A_WHILE = 0.5
SIGNS_OF_LIFE = [b": still here\n\n", 0.02, b"data:\n\n", 0.02, b"data: {}\n\n", 0.02] * 10


async def read(stream) -> list[str]:
    async with stream:
        return [chunk.text async for chunk in stream if chunk.text]


async def passed(call) -> DeadlineError:
    """Return the error of the deadline that passes."""
    with pytest.raises(DeadlineError) as caught:
        await call
    return caught.value


@pytest.mark.parametrize(
    ("steps", "timeouts", "deadline"),
    [
        ([HOLD], Timeouts(first_token_seconds=SOON), Deadline.FIRST_TOKEN),
        ([stream_head(), HOLD], Timeouts(first_token_seconds=SOON), Deadline.FIRST_TOKEN),
        (
            [stream_head(), event(delta("Hi")), HOLD],
            Timeouts(first_token_seconds=FAR, between_tokens_seconds=SOON),
            Deadline.BETWEEN_TOKENS,
        ),
        ([stream_head(), *SIGNS_OF_LIFE, HOLD], Timeouts(first_token_seconds=SOON), Deadline.FIRST_TOKEN),
        ([HOLD], Timeouts(whole_seconds=SOON), Deadline.WHOLE),
        ([stream_head(), *SIGNS_OF_LIFE, HOLD], Timeouts(whole_seconds=SOON), Deadline.WHOLE),
        (
            [stream_head(), *[event(delta("Hi")), 0.005] * 200, HOLD],
            Timeouts(whole_seconds=SOON),
            Deadline.WHOLE,
        ),
        (
            [stream_head(), *[event(delta("Hi", finish="stop")), 0.005] * 200, HOLD],
            Timeouts(whole_seconds=SOON),
            Deadline.WHOLE,
        ),
    ],
)
async def test_a_stream_names_the_deadline_that_passed(server, make_client, steps, timeouts, deadline):
    server.answers = [steps]
    error = await passed(read(make_client(timeouts=timeouts).chat_stream(**ASK)))
    assert (error.deadline, error.seconds, error.maybe_billed) == (deadline, SOON, True)
    assert error.kind is (Kind.TOTAL_DEADLINE if deadline is Deadline.WHOLE else Kind.IDLE_DEADLINE)
    assert f"{SOON:g} s" in str(error)
    assert f"Timeouts.{deadline}_seconds" in str(error)


async def test_a_deadline_counts_for_who_reads_slower_than_the_answer_comes(server, make_client):
    server.answers = [[stream_head(), *[event(delta("Hi")), 0.005] * 200, HOLD]]
    stream, heard = make_client(timeouts=Timeouts(whole_seconds=SOON)).chat_stream(**ASK), []

    async def read_slowly() -> None:
        async with stream:
            async for chunks in stream.batches():
                heard.extend(chunks)
                await asyncio.sleep(0.02)

    assert (await passed(read_slowly())).deadline is Deadline.WHOLE
    assert len(heard) < 100


@pytest.mark.parametrize("timeouts", [Timeouts(first_token_seconds=SOON), Timeouts(whole_seconds=SOON)])
async def test_nothing_is_left_open_when_a_deadline_has_passed(server, make_client, timeouts):
    server.answers = [[HOLD]]
    await passed(read(make_client(timeouts=timeouts).chat_stream(**ASK)))
    await passed(make_client(timeouts=timeouts).chat(**ASK))
    await server.left.wait()


async def test_whatever_arrives_ends_a_silence(server, make_client):
    server.answers = [[stream_head(), *SIGNS_OF_LIFE, event(delta("Hi")), *SIGNS_OF_LIFE, event("[DONE]")]]
    timeouts = Timeouts(first_token_seconds=A_WHILE, between_tokens_seconds=A_WHILE)
    assert await read(make_client(timeouts=timeouts).chat_stream(**ASK)) == ["Hi"]


async def test_signs_of_life_are_batches_without_chunks(server, client):
    server.answers = [[stream_head(), b": still here\n\n", SOON, event(delta("Hi")), event("[DONE]")]]
    async with client.chat_stream(**ASK) as stream:
        batches = [[chunk.text for chunk in batch] async for batch in stream.batches()]
    assert batches[0] == []
    assert ["Hi"] in batches


@pytest.mark.parametrize(
    ("steps", "timeouts", "deadline"),
    [
        ([HOLD], Timeouts(first_token_seconds=SOON), Deadline.FIRST_TOKEN),
        ([answer(CHAT)[:-5], HOLD], Timeouts(between_tokens_seconds=SOON), Deadline.BETWEEN_TOKENS),
        ([HOLD], Timeouts(whole_seconds=SOON), Deadline.WHOLE),
        ([stream_head(), *[b"\n", 0.01] * 50, HOLD], Timeouts(whole_seconds=SOON), Deadline.WHOLE),
    ],
)
async def test_a_whole_answer_has_the_same_deadlines(server, make_client, steps, timeouts, deadline):
    server.answers = [steps]
    error = await passed(make_client(timeouts=timeouts).chat(**ASK))
    assert (error.deadline, error.maybe_billed) == (deadline, True)


async def test_blank_lines_before_a_whole_answer_keep_it_alive(server, make_client):
    body = answer(CHAT).partition(b"\r\n\r\n")[2]
    server.answers = [[stream_head(), *[b"\n", 0.02] * 30, body]]
    assert (await make_client(timeouts=Timeouts(first_token_seconds=A_WHILE)).chat(**ASK)).text == "Hello!"


async def test_a_get_has_a_deadline_and_bills_nothing(server, make_client):
    server.answers = [[HOLD]]
    error = await passed(make_client(timeouts=Timeouts(get_seconds=SOON)).models())
    assert (error.deadline, error.maybe_billed) == (Deadline.GET, False)


async def test_a_connection_that_is_not_made_names_its_deadline(server, make_client):
    silent = server.base_url.replace("http:", "https:")  # it speaks no TLS, and waits for a request
    client = make_client(base_url=silent, timeouts=Timeouts(connect_seconds=SOON))
    with pytest.raises(ConnectError) as caught:
        await client.chat(**ASK)
    assert (caught.value.deadline, caught.value.seconds) == (Deadline.CONNECT, SOON)
    assert "Timeouts.connect_seconds" in str(caught.value)


@pytest.mark.parametrize("no_bound", [None, float("inf"), 1e300, 10**400])
async def test_it_waits_as_long_as_it_takes_where_there_is_no_bound(server, make_client, no_bound):
    server.answers = [answer(MODELS), answer(CHAT), chunked(event(delta("Hi")), event("[DONE]"))]
    client = make_client(timeouts=Timeouts(no_bound, no_bound, no_bound, no_bound, no_bound))
    assert len(await client.models()) == 1
    assert (await client.chat(**ASK)).text == "Hello!"
    assert await read(client.chat_stream(**ASK)) == ["Hi"]


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("-inf"), True, "10", [], 1j])
@pytest.mark.parametrize("name", Timeouts.__dataclass_fields__)
def test_it_refuses_what_is_no_time(name, seconds):
    with pytest.raises(ArgumentError, match=name):
        Timeouts(**{name: seconds})


EARLY = event(delta("One. ", finish="stop"))
FINISH = event(delta(finish="stop"))
THOUGHT = event({"choices": [{"delta": {"reasoning": "hm"}}]})


class TestAfterTheFinishReason:
    """What is known to be over is not waited for long; what may follow is."""

    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch):
        monkeypatch.setattr("rax._streaming.AFTER_FINISH_SECONDS", SOON)

    async def test_a_finished_answer_does_not_wait_for_a_server_that_says_no_more(self, server, make_client):
        server.answers = [[stream_head(), event(delta("Hi", finish="stop")), *SIGNS_OF_LIFE * 9, HOLD]]
        client = make_client(timeouts=Timeouts(between_tokens_seconds=FAR))
        async with asyncio.timeout(FAR / 10), client.chat_stream(**ASK) as stream:
            assert [chunk.text async for chunk in stream] == ["Hi"]
        assert (stream.finish_reason, stream.done, stream.ended_early) == ("stop", False, False)

    async def test_usage_that_was_asked_for_is_waited_for(self, server, client):
        usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
        finish = event(delta(finish="stop"))
        late = event({"choices": [], "usage": usage})
        server.answers = [[stream_head(), event(delta("Hi")), finish, 2 * SOON, late, HOLD]]
        async with client.chat_stream(**ASK, include_usage=True) as stream:
            assert [chunk.text async for chunk in stream if chunk.text] == ["Hi"]
        assert stream.usage.total_tokens == 3

    async def test_words_after_an_early_finish_reason_are_waited_for(self, server, client):
        one, two = (event(delta(word, finish="stop")) for word in ("One. ", "Two."))
        server.answers = [[stream_head(), one, 2 * SOON, two, event("[DONE]")]]
        assert await read(client.chat_stream(**ASK)) == ["One. ", "Two."]

    @pytest.mark.parametrize(
        ("before", "silence"),
        [
            ([EARLY], 2 * SOON),
            ([EARLY, FINISH], 2 * SOON),
            ([EARLY, EARLY], 5 * SOON),
            ([FINISH, EARLY], 5 * SOON),
            ([FINISH], 5 * SOON),
            ([event(delta("One. ")), FINISH, event(delta("")), THOUGHT], 5 * SOON),
            ([event(delta("One. ")), FINISH, THOUGHT, FINISH], 5 * SOON),
        ],
    )
    async def test_a_finish_reason_that_comes_early_is_not_the_end(self, server, client, before, silence):
        server.answers = [[stream_head(), *before, silence, EARLY, event("[DONE]"), HOLD]]
        async with client.chat_stream(**ASK, include_usage=False) as stream:
            assert [chunk.text async for chunk in stream if chunk.text][-1] == "One. "
        assert (stream.finish_reason, stream.done) == ("stop", True)

    async def test_words_after_the_finish_reason_are_waited_for_like_others(self, server, client):
        one, more = event(delta("One.", finish="stop")), event(delta(" More."))
        server.answers = [[stream_head(), one, more, 5 * SOON, more, event("[DONE]")]]
        assert await read(client.chat_stream(**ASK)) == ["One.", " More.", " More."]
