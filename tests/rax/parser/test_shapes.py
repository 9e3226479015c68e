"""Streams as real servers send them, each cut at every byte: the parser alone, without a network."""

import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import BadRequestError, Kind, Limits, RateLimitError, RawAnswer, ServerError, Usage
from rax._key import Key
from rax._parser import StreamParser
from tests.rax.conftest import KEY
from tests.rax.wire import CHAT, delta, documented_stream, event

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
REPORT = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
NOTHING = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
END = event("[DONE]")
STOP = event(delta(finish="stop"))
HALF_AN_EMOJI = b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n'


def parser() -> StreamParser:
    return StreamParser(key=Key(KEY), limits=Limits(NOON), answer=RawAnswer(200, {}, None))


def read(*pieces: bytes):
    """What a parser makes of these pieces: text, finish reason, usage, whether done, and the error."""
    reading = parser()
    chunks = [chunk for piece in pieces for chunk in reading.feed(piece)] + reading.finish()
    text = "".join(chunk.text for chunk in chunks)
    assert text == reading.transcript.text
    error = reading.error and (type(reading.error), reading.error.kind, str(reading.error))
    return text, reading.transcript.finish_reason, reading.transcript.usage, reading.done, error


def said(text="Hi", finish="stop", usage=None, done=True, error=None):
    return text, finish, usage, done, error


HI = event(delta("Hi"))
SHAPES = {
    "documented": (documented_stream("H", "i"), said()),
    "byte order mark": (b"\xef\xbb\xbf" + documented_stream("Hi"), said()),
    "carriage returns": (documented_stream("Hi").replace(b"\n", b"\r"), said()),
    "carriage returns and line feeds": (documented_stream("Hi").replace(b"\n", b"\r\n"), said()),
    "no space after the colon": (documented_stream("Hi").replace(b"data: ", b"data:"), said()),
    "no blank lines": (documented_stream("H", "i").replace(b"\n\n", b"\n"), said()),
    "no last blank line": (documented_stream("Hi").rstrip(b"\n"), said()),
    "no [DONE]": (HI + STOP, said(done=False)),
    "cut after an event": (HI, said(finish=None, done=False)),
    "cut inside an event": (HI + HI[:30], said(finish=None, done=False)),
    "more after [DONE]": (HI + STOP + END + HI, said()),
    "heartbeats": (b": wait\n\n" * 3 + b"data:\n\n" + HI + b": wait\n\n" + STOP + END, said()),
    "ids, names and retry times": (b"retry: 10\nid: 1\nevent: message\n" + HI + STOP + END, said()),
    "several data lines": (
        b'data: {"choices":\ndata: [{"delta":{"content":"Hi"}}]}\n\n' + STOP + END,
        said(),
    ),
    "raw line separators": (
        event('{"choices":[{"delta":{"content":"H\u2028i\x85"}}]}') + STOP + END,
        said("H\u2028i\x85"),
    ),
    "characters of four bytes": (
        event(json.dumps(delta("é😀"), ensure_ascii=False)) + STOP + END,
        said("é😀"),
    ),
    "half an emoji each": (
        HALF_AN_EMOJI % b"a\\ud83d" + HALF_AN_EMOJI % b"\\ude00b" + STOP + END,
        said("a😀b"),
    ),
    "half an emoji only": (HALF_AN_EMOJI % b"a\\ud83d" + STOP + END, said("a\ufffd")),
    "the wrong half": (HALF_AN_EMOJI % b"\\ude00a" + STOP + END, said("\ufffda")),
    "not UTF-8": (b'data: {"choices":[{"delta":{"content":"a\xff"}}]}\n\n' + STOP + END, said("a\ufffd")),
    "finish reason absent": (event({"choices": [{"delta": {"content": "Hi"}}]}) + STOP + END, said()),
    "finish reason empty": (event(delta("Hi", finish="")) + STOP + END, said()),
    "finish reason unknown": (event(delta("Hi", finish="tired")) + END, said(finish="tired")),
    "usage without choices": (
        HI + STOP + event({"choices": [], "usage": REPORT}) + END,
        said(usage=Usage(5, 2, 7)),
    ),
    "usage with an empty delta": (
        HI + STOP + event({"choices": [{"delta": {}}], "usage": REPORT}) + END,
        said(usage=Usage(5, 2, 7)),
    ),
    "usage on the finish": (HI + event(delta(finish="stop", usage=REPORT)) + END, said(usage=Usage(5, 2, 7))),
    "usage on every chunk": (
        event(delta("Hi", usage={**REPORT, "total_tokens": 6}))
        + event(delta(finish="stop", usage=REPORT))
        + END,
        said(usage=Usage(5, 2, 7)),
    ),
    "usage zero, then null": (
        event(delta("Hi", usage=NOTHING))
        + event(delta(finish="stop", usage=REPORT))
        + event({"choices": [], "usage": None})
        + END,
        said(usage=Usage(5, 2, 7)),
    ),
    "usage never, only zeros": (event(delta("Hi", usage=NOTHING)) + STOP + END, said()),
    "error null": (event(delta("Hi", error=None)) + STOP + END, said()),
    "content in parts": (
        event({"choices": [{"delta": {"content": [{"text": "H"}, {"text": "i"}]}}]}) + STOP + END,
        said(),
    ),
    "a whole message in an event": (
        event({"choices": [{"message": {"content": "Hi"}}]}) + STOP + END,
        said(),
    ),
    "a whole JSON answer": (
        json.dumps(CHAT, indent=1).encode(),
        said("Hello!", usage=Usage(25, 18, 43), done=False),
    ),
    "a whole JSON answer after blanks": (
        b"\xef\xbb\xbf\r\n " + json.dumps(CHAT, indent=1).encode(),
        said("Hello!", usage=Usage(25, 18, 43), done=False),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_it_reads_every_shape_cut_at_every_byte(shape):
    data, expected = SHAPES[shape]
    assert read(data) == expected
    assert read(*(data[i : i + 1] for i in range(len(data)))) == expected
    for cut in range(len(data)):
        assert read(data[:cut], data[cut:]) == expected


@given(st.sampled_from(sorted(SHAPES)), st.lists(st.integers(0, 600)))
def test_it_reads_every_shape_cut_anywhere(shape, cuts):
    data, expected = SHAPES[shape]
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    assert read(*(data[start:end] for start, end in pairwise(edges))) == expected


LIMITED = {"message": "Slow down", "type": "rate_limit_error", "code": "rate_limit_exceeded", "status": 429}
ERRORS = {
    "an error object": (event({"error": LIMITED}), RateLimitError, Kind.RATE_LIMITED),
    "an error event with a flat body": (
        b"event: error\n" + event(LIMITED),
        RateLimitError,
        Kind.RATE_LIMITED,
    ),
    "an error event in words": (b"event: error\ndata: overloaded\n\n", ServerError, Kind.SERVER_ERROR),
    "a flat error without a name": (event({"object": "error", **LIMITED}), RateLimitError, Kind.RATE_LIMITED),
    "an error as text": (event({"error": "boom"}), ServerError, Kind.SERVER_ERROR),
    "a code without a status": (
        event({"error": {"message": "x", "code": "bad_request"}}),
        BadRequestError,
        Kind.BAD_REQUEST,
    ),
    "a number as code": (event({"error": {"message": "x", "code": 429}}), RateLimitError, Kind.RATE_LIMITED),
    "a detail": (event({"detail": [{"msg": "x"}]}), ServerError, Kind.SERVER_ERROR),
    "an error for a finish reason": (
        event({"choices": [{"delta": {}, "finish_reason": "error", "error": LIMITED}]}),
        RateLimitError,
        Kind.RATE_LIMITED,
    ),
}


@pytest.mark.parametrize("shape", ERRORS)
def test_it_raises_what_stands_inside_a_stream_after_the_text_before_it(shape):
    data, error_class, kind = ERRORS[shape]
    for cut in range(len(HI + data)):
        text, _, _, done, error = read((HI + data)[:cut], (HI + data)[cut:])
        assert (text, done, error[:2]) == ("Hi", False, (error_class, kind))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", Kind.EMPTY_STREAM),
        (b": only\n\n: comments\n\n", Kind.EMPTY_STREAM),
        (END, Kind.EMPTY_STREAM),
        (b"Internal Server Error", Kind.EMPTY_STREAM),
        (b"<html><body>Bad gateway</body></html>", Kind.UNEXPECTED_SHAPE),
        (b'{"choices": [], "a": 1}', Kind.UNEXPECTED_SHAPE),
        (b'{"choices": [', Kind.NOT_JSON),
        (b"data: {broken\n\n", Kind.NOT_JSON),
        (b"data: [1]\n\n", Kind.UNEXPECTED_SHAPE),
        (b"data: ping\n\n", Kind.EMPTY_STREAM),
        (b"[]", Kind.UNEXPECTED_SHAPE),
        (event({"choices": [], "usage": REPORT}) + END, Kind.UNEXPECTED_SHAPE),
        (b'{"error": {"message": "No such model", "code": "model_not_found"}}', Kind.NOT_FOUND),
    ],
)
def test_it_says_what_is_no_answer(data, kind):
    for cut in range(len(data) + 1):
        assert read(data[:cut], data[cut:])[-1][1] is kind


def test_what_nobody_can_read_may_be_billed():
    reading = parser()
    reading.feed(b"data: {broken\n\n")
    assert reading.error.maybe_billed


def test_it_keeps_the_beginning_of_a_page_without_the_key():
    reading = parser()
    reading.feed(b"<html>" + KEY.encode() + b"x" * 10_000)
    reading.finish()
    assert len(reading.error.body) == 2000
    assert KEY not in reading.error.body


@given(st.lists(st.binary()))
def test_it_survives_any_bytes(pieces):
    read(*pieces)


def test_it_takes_thoughts_for_something_useful_and_heartbeats_for_nothing():
    reading = parser()
    reading.feed(event({"choices": [{"delta": {"reasoning_content": "hm"}}]}))
    assert reading.was_useful
    assert reading.feed(b": wait\n\n" + event({"choices": []}) + event(delta(""))) == []
    assert not reading.was_useful
