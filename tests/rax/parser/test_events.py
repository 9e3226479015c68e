"""The event decoder: lines, caps, cuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import AnswerError, Kind
from rax._parser.events import ASIDE, Event, EventDecoder

LINES = st.lists(
    st.sampled_from(
        [
            b"data: a",
            b"data:b",
            b"data",
            b"event: error",
            b": c",
            b"id: 1",
            b"",
            b"data: \xe2\x80\xa8",
            b"{}",
            b"error: c",
        ]
    )
)
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n"])


def decode(*pieces: bytes) -> list[Event]:
    decoder = EventDecoder()
    return [event for piece in pieces for event in decoder.feed(piece)] + decoder.finish()


def feed_all(decoder: EventDecoder, pieces: list[bytes]) -> None:
    for piece in pieces:
        decoder.feed(piece)


@given(LINES, ENDS)
def test_it_does_not_care_where_bytes_are_cut(lines, end):
    data = end.join([*lines, b"data: last", b"", b""])
    whole = decode(data)
    assert whole == decode(*(data[i : i + 1] for i in range(len(data))))
    for cut in range(len(data)):
        assert decode(data[:cut], data[cut:]) == whole


@given(LINES)
def test_it_takes_all_three_line_ends_for_the_same(lines):
    text = b"\n".join([*lines, b"", b""])
    assert decode(text) == decode(text.replace(b"\n", b"\r")) == decode(text.replace(b"\n", b"\r\n"))


def test_it_joins_data_lines_and_keeps_the_name_for_one_event():
    data = b"event: error\ndata: a\ndata: b\n\ndata: c\n\n"
    assert decode(data) == [Event(b"a\nb", b"error"), Event(b"c", b"")]


def test_it_forgets_the_name_of_an_event_without_data():
    assert decode(b"event: note\n\ndata: a\n\n") == [Event(b"a", b"")]


@pytest.mark.parametrize("name", [b"error", b"Error", b"stream_failed"])
def test_an_error_is_an_event_without_data_too(name):
    assert decode(b"event: " + name + b"\n\ndata: a\n\n") == [Event(b"", name), Event(b"a", b"")]


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (b'{"a": 1}', Event(b'{"a": 1}', b"")),
        (b'\x1e{"a": 1}', Event(b'{"a": 1}', b"")),
        (b'  data: {"a": 1}', Event(b'{"a": 1}', b"")),
        (b"[DONE]", Event(b"[DONE]", b"")),
        (b'error: {"code": 500}', Event(b'{"code": 500}', b"error")),
        (b"Error:overloaded", Event(b"overloaded", b"error")),
        (b': {"error": 1}', Event(b'{"error": 1}', ASIDE)),
        (b'note: {"error": 1}', Event(b'{"error": 1}', ASIDE)),
        (b'DATA: {"a": 1}', Event(b'{"a": 1}', b"")),
        (b'note: {"choices": []}', Event(b'{"choices": []}', b"")),
        (b'exception: {"code": 500}', Event(b'{"code": 500}', b"error")),
        (b": error: gone", Event(b"error: gone", ASIDE)),
        (b"no healthy upstream", Event(b"no healthy upstream", ASIDE)),
        (b"<p>\n\nBad Gateway\n</p>", Event(b"<p>\n\nBad Gateway\n</p>\n", ASIDE)),
        (
            b'{\n  "error": {\n    "code": 500\n  }\n}',
            Event(b'{\n  "error": {\n    "code": 500\n  }\n}', b""),
        ),
    ],
)
def test_it_reads_lines_that_no_standard_knows(line, event):
    assert decode(b"data: a\n\n" + line + b"\n\ndata: b\n\n") == [Event(b"a", b""), event, Event(b"b", b"")]


@pytest.mark.parametrize("line", [b": wait", b"id: {1}", b"error", b"note: 1", b': {"a": 1}'])
def test_it_passes_over_what_says_nothing(line):
    assert decode(line + b"\n\ndata: b\n\n") == [Event(b"b", b"")]


def test_it_drops_a_byte_order_mark_at_the_start_only():
    bom = b"\xef\xbb\xbf"
    assert decode(bom[:1], bom[1:] + b"data: a\n\n" + bom + b"data: b\n\n") == [Event(b"a", b"")]


@pytest.mark.parametrize(
    "pieces",
    [
        [b"data: " + b"x" * 100],
        [b"x"] * 100,
        [b"data: x\n"] * 50,
        [b"<p>\n"] * 50,
    ],
)
def test_it_refuses_a_line_or_event_that_is_too_long(pieces):
    decoder = EventDecoder(max_line_bytes=64)
    with pytest.raises(AnswerError) as caught:
        feed_all(decoder, pieces)
    assert caught.value.kind is Kind.TOO_LARGE


def test_it_refuses_a_stream_that_is_too_long():
    decoder = EventDecoder(max_bytes=64)
    with pytest.raises(AnswerError):
        feed_all(decoder, [b":\n"] * 100)
