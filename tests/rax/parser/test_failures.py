"""Failures told where a correct reader does not look: none is a whole answer, however bytes are cut."""

import json
from typing import Any

import pytest

from rax import AnswerError, Kind
from tests.rax.conftest import CUT, KEY
from tests.rax.parser.test_shapes import END, HI, STOP, parser, read
from tests.rax.wire import ASK, CHAT, answer, delta, event, fails, stream_head

PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
BROKE = {"message": "It broke", "code": 500}
LIMITED = {"message": "Slow down", "code": 429}


def choice(finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": finish, **more}]}


TOLD = {
    "a field": b"error: " + json.dumps(BROKE).encode() + b"\n\n" + END,
    "a field in words": b"error: It broke\n\n" + END,
    "a field with an object inside": b"error: " + json.dumps({"error": BROKE}).encode() + b"\n" + END,
    "a bare line": json.dumps({"error": BROKE}).encode() + b"\n\n" + END,
    "a bare line to the end": json.dumps({"error": BROKE}).encode(),
    "a bare list": json.dumps([{"error": BROKE}]).encode() + b"\n" + END,
    "a comment": b": " + json.dumps({"error": BROKE}).encode() + b"\n\n" + END,
    "a field nobody knows": b"failure: " + json.dumps({"error": BROKE}).encode() + b"\n\n" + END,
    "a list of errors": event(json.dumps([{"error": BROKE}])) + END,
    "an event without data": b"event: error\n\n" + END,
    "an event of null": b"event: error\n" + event("null") + END,
    "an event of nothing": b"event: error\n" + event("{}") + END,
    "an event in words": b"event: error\n" + event("It broke") + END,
    "an event by a longer name": b"event: stream_error\n" + event(BROKE) + END,
    "an event that failed": b"event: response.failed\n" + event(BROKE) + END,
    "a word": event("error") + END,
    "a word in brackets": event("[ERROR]") + END,
    "a choice": event(choice(error=BROKE)) + END,
    "a choice that has finished": event(choice("stop", error=BROKE)) + END,
    "a delta": event({"choices": [{"delta": {"error": BROKE}}]}) + END,
    "another choice": event({"choices": [{"delta": {}}, {"delta": {}, "error": "It broke"}]}) + END,
    "a vendor's object": event(delta(x_groq={"id": "req_1", "error": "It broke"})) + END,
    "a vendor's object with the finish reason": event(delta(finish="stop", x_groq={"error": BROKE})) + END,
    "a vendor's object of objects": event(delta(provider={"details": {"error": BROKE}})) + END,
    "a vendor's error by a longer name": event(delta(provider_error="It broke")) + END,
    "a vendor's message": event(delta(x_vendor={"error_message": "It broke"})) + END,
    "a vendor's status": event(delta(x_vendor={"status": "error", "message": "It broke"})) + END,
    "no choices": event({"id": "1", "choices": None, "error_type": "t", "error_message": "It broke"}) + END,
    "no choices but a message": event({"id": "1", "choices": [], "code": "E1", "message": "It broke"}) + END,
    "a line of words": b"upstream connect error: It broke\n\n" + END,
    "a string": event('"Internal error: It broke"') + END,
    "an object of type error": event({"type": "error", **BROKE}) + END,
    "an event of type error": event({"type": "error", "error": BROKE}) + END,
    "errors": event({"success": False, "errors": [BROKE]}) + END,
    "no success": event({"success": False, "message": "It broke"}) + END,
    "a status": event({"status": "error", "message": "It broke"}) + END,
    "a code": event({"code": "InternalError", "message": "It broke", "request_id": "1"}) + END,
    "an error code": event({"error_code": 336100, "error_msg": "It broke"}) + END,
    "a field by another name": b"exception: " + json.dumps(BROKE).encode() + b"\n\n" + END,
    "a comment in words": b": error: It broke\n\n" + END,
    "lines of JSON": json.dumps({"error": BROKE}, indent=2).encode() + b"\n\n" + END,
    "lines of JSON to the end": json.dumps({"error": BROKE}, indent=2).encode(),
    "lines of a page": PAGE.replace(b"><", b">\r\n\r\n<") + b"\n",
    "a page before [DONE]": PAGE + b"\n" + END,
    "a page in an event": event(PAGE.decode()) + END,
    "other words": b"no healthy upstream\n\n",
    "a base_resp": event(delta(base_resp={"status_code": 1000, "status_msg": "It broke"})) + END,
    "a finish reason": event(delta(finish="error")) + END,
    "a finish reason to the end": event(delta(finish="error")),
    "a finish reason of another name": event(delta(finish="network_error")) + END,
    "a finish reason in capitals": event(delta(finish="ERROR")) + END,
    "a finish reason with words": event(delta(finish="error: It broke")) + END,
    "after the finish reason": event(delta(finish="error")) + event({"error": BROKE}) + END,
    "after a good finish reason": STOP + event({"error": BROKE}) + END,
}


@pytest.mark.parametrize("told", TOLD)
def test_a_failure_is_one_wherever_it_is_told(told):
    data = HI + TOLD[told]
    for cut in range(len(data)):
        text, _, _, done, error = read(data[:cut], data[cut:])
        assert (text, done, error and error[1]) == ("Hi", False, Kind.SERVER_ERROR)


@pytest.mark.parametrize(
    "told", ["a choice", "a vendor's object", "a list of errors", "after the finish reason"]
)
def test_it_gives_the_words_and_the_status_of_it(told):
    data = TOLD[told].replace(b"It broke", b"Slow down").replace(b"500", b"429")
    reading = parser()
    reading.feed(HI + data)
    assert "Slow down" in str(reading.error)
    if b"429" in data:
        assert reading.error.kind is Kind.RATE_LIMITED


@pytest.mark.parametrize("told", [PAGE + b"\n", event(PAGE.decode())])
def test_a_page_in_mid_answer_gives_its_title(told):
    reading = parser()
    reading.feed(HI + told)
    reading.finish()
    assert (reading.error.provider_message, reading.error.is_page) == ("502 Bad Gateway", True)


def test_a_finish_reason_gives_its_words_and_not_the_answer():
    failed = {"choices": [{"message": {"content": "Hi"}, "finish_reason": "error: no memory"}]}
    reading = parser()
    reading.feed(json.dumps(failed).encode())
    reading.finish()
    assert reading.error.provider_message == "error: no memory"


HEARTBEATS = ["keep alive", ": OPENROUTER PROCESSING", "heartbeat 12", "Bad Gateway, sorry"]


@pytest.mark.parametrize("words", HEARTBEATS)
def test_words_that_are_followed_by_an_answer_or_its_end_are_passed_over(words):
    assert read(HI + event(words) + event(delta("!")) + END) == ("Hi!", None, None, True, None)
    assert read(event(words) + HI + STOP + END) == ("Hi", "stop", None, True, None)


@pytest.mark.parametrize("words", ["keep alive", "Bad Gateway, sorry"])
def test_words_at_the_end_of_what_is_not_whole_are_why(words):
    for end in (END, b""):
        reading = parser()
        reading.feed(HI + event(words) + end)
        reading.finish()
        assert reading.error.kind is Kind.NOT_JSON
        assert words in reading.error.provider_message


async def test_a_connection_that_breaks_after_words_is_what_failed(server, client):
    server.answers = [[stream_head(content_length="999"), HI + event("keep alive"), 0.05, CUT]]
    async with client.chat_stream(**ASK) as stream:
        assert (await fails(read_all(stream))).kind is Kind.CONNECTION_LOST


PREAMBLES = [
    {"message": "processing", "status": "ok"},
    {"code": 200, "message": "success"},
    {"code": 0, "msg": "Ready"},
    {"message": "queued"},
    {"success": True, "message": "Ready"},
    {"type": "message_start", "message": {"id": "1"}},
]


@pytest.mark.parametrize("told", PREAMBLES)
def test_what_says_that_all_is_well_is_no_failure(told):
    assert read(event(told) + HI + STOP + END) == ("Hi", "stop", None, True, None)


def test_text_in_the_event_that_fails_is_kept():
    text, _, _, _, error = read(HI + event({"choices": [{"delta": {"content": "!"}, "error": BROKE}]}))
    assert (text, error[1]) == ("Hi!", Kind.SERVER_ERROR)


HARMLESS = {
    "error null": delta("!", error=None, x_groq={"error": None}),
    "error empty": delta("!", error="", meta={"error": {}}),
    "a filter that was away": {
        "choices": [{"delta": {"content": "!"}, "content_filter_results": {"error": {"code": "away"}}}]
    },
    "a number of that name": delta("!", timings={"error": 0.5}),
    "the text": delta("!", note='{"error": "quoted"}'),
    "success": {**delta("!"), "base_resp": {"status_code": 0, "status_msg": ""}, "success": True, "code": 0},
    "a filter's own error": delta("!", prompt_filter_results={"error": "away"}),
    "an error of zero": delta("!", error={"code": 0, "message": ""}),
    "an error that is none": delta("!", error={"code": 200, "message": "success"}),
    "no error": delta("!", is_error=False, errors=[], x={"error_count": 0, "error": 0, "status": "ok"}),
    "logprobs": {"choices": [{"delta": {"content": "!"}, "logprobs": {"content": [{"token": "error"}]}}]},
}


@pytest.mark.parametrize("shape", HARMLESS)
def test_what_only_looks_like_a_failure_is_an_answer(shape):
    assert read(HI + event(HARMLESS[shape]) + STOP + END) == ("Hi!", "stop", None, True, None)


@pytest.mark.parametrize(
    "told",
    [
        {"choices": [{"message": {"content": "Hi"}, "error": BROKE}]},
        {"choices": [{"message": {"content": "Hi"}, "finish_reason": "error"}]},
        {**CHAT, "x_groq": {"error": "It broke"}},
        {**CHAT, "base_resp": {"status_code": 1000, "status_msg": "It broke"}},
        {"type": "error", "error": {"message": "It broke"}},
        [{"error": BROKE}],
    ],
)
async def test_a_whole_answer_that_tells_of_a_failure_is_one(server, client, told):
    server.answers = [answer(told)]
    error = await fails(client.chat(**ASK))
    assert (error.kind, error.maybe_billed) == (Kind.SERVER_ERROR, True)
    async with client.chat_stream(**ASK) as stream:
        assert (await fails(read_all(stream))).kind is Kind.SERVER_ERROR


async def read_all(stream) -> list:
    return [chunk async for chunk in stream]


async def test_the_error_wins_over_the_connection_that_broke_after_it(server, client):
    told = b"data: " + json.dumps({"error": LIMITED}).encode() + b"\n"
    server.answers = [[stream_head(content_length="9999"), HI + told, 0.05, CUT]]
    async with client.chat_stream(**ASK) as stream:
        error = await fails(read_all(stream))
    assert (error.kind, stream.text) == (Kind.RATE_LIMITED, "Hi")


@pytest.mark.parametrize(
    "told", [HI + event({"error": BROKE}), b'{"error": "It broke"}', b"event: error\ndata: x"]
)
async def test_what_breaks_our_reading_is_an_error_after_what_was_read(server, client, monkeypatch, told):
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError(KEY)

    monkeypatch.setattr("rax._parser.event_reader.find_failure", broken)
    monkeypatch.setattr("rax._parser.event_reader.error_from_event", broken)
    server.answers = [[stream_head(), told]]
    async with client.chat_stream(**ASK) as stream:
        error = await fails(read_all(stream))
        assert await anext(stream, None) is None
    assert (type(error), error.kind, error.maybe_billed) == (AnswerError, Kind.UNEXPECTED_SHAPE, True)
    assert (stream.text, error.answer) == ("Hi" if told.startswith(HI) else "", stream.answer)
    assert isinstance(error.__cause__, KeyError)
    assert KEY not in str(error.__cause__)
