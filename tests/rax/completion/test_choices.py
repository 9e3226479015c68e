"""Several choices, and the tokens of an answer, wherever servers report them."""

from typing import Any

import pytest

from rax import Usage
from tests.rax.parser.test_shapes import END, HI, REPORT, STOP, parser
from tests.rax.wire import ASK, CHAT, answer, chunked, delta, event, fails, read_texts, stream_head


def choice(index: Any, text: str, finish: str | None = None) -> dict[str, Any]:
    return {"index": index, "delta": {"content": text}, "finish_reason": finish}


def choices(*told: dict[str, Any]) -> bytes:
    return event({"choices": list(told)})


TWO = {
    "in turn": choices(choice(0, "H"))
    + choices(choice(1, "B"))
    + choices(choice(0, "i"))
    + choices(choice(1, "ye")),
    "in one event": choices(choice(0, "H"), choice(1, "B")) + choices(choice(1, "ye"), choice(0, "i")),
    "the other first": choices(choice(1, "Bye")) + choices(choice(0, "Hi")),
    "by their places": choices({"delta": {"content": "Hi"}}, {"delta": {"content": "Bye"}}),
    "by their numbers in words": choices(choice("1", "Bye")) + choices(choice("0", "Hi")),
    "by their numbers as floats": choices(choice(0.0, "Hi")) + choices(choice(1.0, "Bye")),
    "by numbers below zero": choices(choice(-1, "Hi"), choice(-1, "Bye")),
    "in an object": event(
        {"choices": {"0": {"delta": {"content": "Hi"}}, "1": {"delta": {"content": "Bye"}}}}
    ),
    "in pieces of a list": choices({"delta": ["Hi"]}, {"delta": [{"type": "text", "text": "Bye"}]}),
    "the first unnamed": choices({"delta": {"content": "Hi"}}) + choices(choice(1, "Bye")),
}


@pytest.mark.parametrize("shape", TWO)
def test_choices_are_told_apart(shape):
    reading = parser()
    chunks = reading.feed(
        TWO[shape] + choices(choice(0, "", "stop")) + choices(choice(1, "", "length")) + END
    )
    texts = {index: "".join(chunk.text for chunk in chunks if chunk.index == index) for index in (0, 1)}
    assert texts == {0: "Hi", 1: "Bye"}
    assert (reading.transcript.text, reading.transcript.finish_reason) == ("Hi", "stop")


def test_a_server_may_count_from_one():
    reading = parser()
    reading.feed(choices(choice(1, "Hi", "stop")) + END)
    assert (reading.transcript.index, reading.transcript.text, reading.transcript.finish_reason) == (
        1,
        "Hi",
        "stop",
    )


async def test_a_whole_answer_is_the_first_choice(server, client):
    other = {"index": 1, "message": {"content": "Bye"}, "finish_reason": "length"}
    first = {"index": 0, "message": {"content": "Hello!"}, "finish_reason": "stop"}
    server.answers = [answer({**CHAT, "choices": [other, first]})]
    whole = await client.chat(**ASK)
    assert (whole.index, whole.text, whole.finish_reason) == (0, "Hello!", "stop")


FINISHED = {"index": 0, "delta": {}, "finish_reason": "stop"}
PLACES = {
    "x_groq": event(delta(finish="stop", x_groq={"id": "req_1", "usage": REPORT})),
    "a choice": choices({**FINISHED, "usage": REPORT}),
    "a delta": choices({"delta": {"usage": REPORT}, "finish_reason": "stop"}),
    "the last chunk": event(delta(finish="stop", usage=REPORT)),
    "after the last chunk": STOP + event({"choices": [], "usage": REPORT}),
    "without choices": STOP + event({"usage": REPORT}),
    "by other names": STOP + event({"usage": {"input_tokens": 5, "output_tokens": 2}}),
    "in one word": STOP + event({"usage": {"promptTokens": 5, "outputTokens": 2, "totalTokens": 7}}),
    "as metadata": STOP + event({"usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2}}),
    "zeros before": STOP + event({"usage": dict.fromkeys(REPORT, 0), "x_groq": {"usage": REPORT}}),
    "in two parts": event({"usage": {"input_tokens": 5, "output_tokens": 1}})
    + STOP
    + event({"usage": {"output_tokens": 2}}),
    "each by itself": event({"usage": {"prompt_tokens": 5, "completion_tokens": 0}})
    + STOP
    + event({"usage": {"prompt_tokens": None, "completion_tokens": 2}}),
    "in text that mentions it": event(delta(' "usage"')) + STOP + event({"usage": REPORT}),
}


@pytest.mark.parametrize("place", PLACES)
def test_it_finds_the_tokens(place):
    data = HI + PLACES[place] + END
    for cut in range(len(data)):
        reading = parser()
        chunks = reading.feed(data[:cut]) + reading.feed(data[cut:])
        assert reading.transcript.usage == Usage(5, 2, 7)
        assert [chunk.usage for chunk in chunks if chunk.usage][-1] == Usage(5, 2, 7)


@pytest.mark.parametrize(
    "later",
    [
        {"output_tokens": 0},
        {"output_tokens": -2},
        {"output_tokens": 10**12},
        {"output_tokens": "9"},
        {"total_tokens": 9},
    ],
    ids=str,
)
def test_a_later_report_that_tells_nothing_leaves_what_is_known(later):
    reading = parser()
    reading.feed(HI + event({"usage": REPORT}) + event({"usage": later}) + END)
    assert reading.transcript.usage == Usage(5, 2, 7)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"prompt_tokens_details": {"cached_tokens": 3}}, (None, 3)),
        ({"prompt_cache_hit_tokens": 3}, (None, 3)),
        ({"cached_tokens": 3}, (None, 3)),
        ({"cache_read_input_tokens": 3}, (None, 3)),
        ({"completion_tokens_details": {"reasoning_tokens": 2}}, (2, None)),
        ({"output_tokens_details": {"reasoning_tokens": 2}}, (2, None)),
        ({"reasoning_tokens": 0}, (0, None)),
        (
            {"prompt_tokens_details": None, "completion_tokens_details": {"reasoning_tokens": "2"}},
            (None, None),
        ),
        ({"cached_tokens": 10**12}, (None, None)),
    ],
)
async def test_it_reads_what_tokens_were_for(server, client, more, expected):
    server.answers = [answer({**CHAT, "usage": {**REPORT, **more}})]
    usage = (await client.chat(**ASK)).usage
    assert usage == Usage(5, 2, 7, *expected)


@pytest.mark.parametrize(
    ("more", "usage", "unbelieved"),
    [
        ({"total_tokens": 10**12}, Usage(5, 2, 7), 10**12),
        ({"completion_tokens": 10**9, "total_tokens": 10**9 + 5}, None, 10**9 + 5),
        ({"prompt_tokens": 100_000_001}, None, 100_000_001),
        ({"prompt_tokens": 10**30}, None, 2**63 - 1),
        (
            {"prompt_tokens": 99_999_999, "completion_tokens": 99_999_999, "total_tokens": None},
            None,
            199_999_998,
        ),
        ({"prompt_tokens": 99_999_990, "total_tokens": 99_999_992}, Usage(99_999_990, 2, 99_999_992), None),
    ],
)
async def test_a_count_that_nobody_can_have_used_is_not_believed(server, client, more, usage, unbelieved):
    server.answers = [
        answer({**CHAT, "usage": {**REPORT, **more}}),
        chunked(HI, event({"usage": {**REPORT, **more}}), END),
    ]
    whole = await client.chat(**ASK)
    assert (whole.usage, whole.unbelieved_tokens) == (usage, unbelieved)
    async with client.chat_stream(**ASK) as stream:
        _ = [chunk async for chunk in stream]
    assert (stream.usage, stream.unbelieved_tokens) == (usage, unbelieved)


async def test_tokens_and_ids_are_known_whatever_the_end(server, client):
    reported = event(delta("Hi", usage=REPORT))
    server.answers = [
        [stream_head(content_length="9999", x_ratelimit_remaining="7"), reported],
        [stream_head(x_ratelimit_remaining="7"), reported, event({"error": "It broke"})],
        answer({"error": "Slow down"}, status=429, x_request_id="req_9", x_ratelimit_remaining="7"),
    ]
    for expected in ((Usage(5, 2, 7), "req_abc123"), (Usage(5, 2, 7), "req_abc123"), (None, "req_9")):
        stream = client.chat_stream(**ASK)
        await fails(read_texts(stream))
        assert (stream.usage, stream.request_id) == expected
        assert stream.limits.requests_remaining == 7


async def test_tokens_and_ids_are_known_when_one_leaves(server, client):
    server.answers = [chunked(event(delta("Hi", usage=REPORT)), STOP, END)]
    async with client.chat_stream(**ASK) as stream:
        await anext(stream)
    assert (stream.usage, stream.request_id, stream.limits is None) == (Usage(5, 2, 7), "req_abc123", False)
