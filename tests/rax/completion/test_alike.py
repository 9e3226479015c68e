"""Events that are like the one before them are not parsed, and say what a parser would have read in them."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import Key, Limits, RawAnswer
from rax._parser import StreamParser

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = st.sampled_from(
    [
        "a",
        " b",
        "é",
        "🦀",
        '"',
        "\\",
        "\n",
        "\u2028",
        "\x7f",
        "error",
        "base_resp",
        "content",
        "usage",
        "}}]",
        "0",
    ]
)
TEXTS = st.lists(WORDS, max_size=3).map("".join)
BESIDE = st.sampled_from(
    [{}, {"usage": None}, {"id": "req_2"}, {"created": 7}, {"error": None}, {"note": "a"}, {"content": "b"}]
)


def event(text, index, beside, is_ascii, spread) -> bytes:
    """One event in one of the ways in which servers write it."""
    choice = {"index": index, "delta": {"content": text}, "finish_reason": None}
    value = {"id": "req_1", "choices": [choice]} | beside
    separators = None if spread else (",", ":")
    return f"data: {json.dumps(value, ensure_ascii=is_ascii, separators=separators)}\n\n".encode()


def parser() -> StreamParser:
    return StreamParser(key=Key("rax_demo_pro"), limits=Limits(NOON), answer=RawAnswer(200, {}, None))


EVENTS = st.tuples(TEXTS, st.integers(0, 1), BESIDE, st.booleans(), st.booleans())


@given(st.lists(st.tuples(EVENTS, st.integers(1, 4)), max_size=8), st.integers(1, 400))
def test_each_event_says_what_a_parser_reads_in_it(told, size):
    reading = parser()
    asked = [one for one, times in told for _ in range(times)]
    body = b": begins\n\n" + b"".join(event(*one) for one in asked)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = [chunk for piece in pieces for chunk in reading.feed(piece)]
    said = [(chunk.text, chunk.index, chunk.finish_reason, chunk.usage) for chunk in chunks]
    assert said == [(text, index, None, None) for text, index, *_ in asked if text]
    assert [chunk.raw for chunk in chunks] == [event(*one)[6:-2].decode() for one in asked if one[0]]


@pytest.mark.parametrize(
    "last",
    [
        b'{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}',
        b'{"choices":[{"index":0,"delta":{"content":"b","role":"assistant"},"finish_reason":null}]}',
        b'{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":null}],"usage":{"total_tokens":3}}',
        b'{"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":null}]}',
        b'{"choices":[{"index":0,"delta":{"content":"b","content":"c"},"finish_reason":null}]}',
        b'{"choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]}',
        b'{"choices":[{"index":0,"delta":{"content":"finish_reason":null}]}',
    ],
)
def test_what_says_more_than_words_is_parsed(last):
    usual = b'{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}'
    found = []
    for before in (usual, b'{"choices":[{"delta":{"content":"a"}}]}'):
        reading = parser()
        reading.feed(b"".join(b"data: %b\n\n" % data for data in (before, before, before)))
        chunks = [*reading.feed(b"data: %b\n\n" % last), *reading.finish()]
        found.append(([(chunk[:8], chunk.raw) for chunk in chunks], repr(reading.error)))
    assert found[0] == found[1]
