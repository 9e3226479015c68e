"""What servers send beside the standard: each shape cut at every byte, and every piece is there."""

import json

import pytest

from rax import Kind, Usage
from tests.rax.parser.test_shapes import END, HI, REPORT, STOP, parser, read, said
from tests.rax.wire import CHAT, delta, documented_stream, event

CHUNKS = [delta("H"), delta("i"), delta(finish="stop")]
LINES = b"".join(json.dumps(chunk).encode() + b"\n" for chunk in CHUNKS)
WHOLE = said("Hello!", usage=Usage(25, 18, 43), done=False)


def wide(spelled: str, content: str = "Hi") -> bytes:
    """A chunk that nobody's JSON writer would write so."""
    return f'data: {{{spelled}, "choices": [{{"delta": {{"content": "{content}"}}}}]}}\n\n'.encode()


# What comes, what is made of it, and how many events could not be read.
ODDITIES = {
    "plain lines": (LINES + b"[DONE]\n", said(), 0),
    "plain lines to the end": (LINES, said(done=False), 0),
    "plain lines, the last without its end": (LINES.rstrip(), said(done=False), 0),
    "plain lines after one that says nothing": (b'{"type": "start"}\n' + LINES, said(done=False), 0),
    "plain lines with blank ones between": (LINES.replace(b"\n", b"\r\n\r\n"), said(done=False), 0),
    "plain lines cut inside": (LINES + LINES[:30], said("Hi", done=False), 0),
    "a sequence of JSON texts": (b"\x1e" + LINES.replace(b"\n{", b"\n\x1e{"), said(done=False), 0),
    "one plain line": (json.dumps(delta("Hi")).encode(), said(finish=None, done=False), 0),
    "plain lines in the middle": (
        HI + json.dumps(delta("!")).encode() + b"\n\n" + STOP + END,
        said("Hi!"),
        0,
    ),
    "a list of chunks": (json.dumps(CHUNKS, indent=1).encode(), said(done=False), 0),
    "chunks in lists": (event(json.dumps(CHUNKS)) + END, said(), 0),
    "a whole answer on a line": (json.dumps(CHAT).encode() + b"\n", WHOLE, 0),
    "texts behind one another": (LINES.replace(b"\n", b""), said(done=False), 0),
    "texts behind one another in an event": (
        HI + event(LINES.replace(b"\n", b" ").decode()),
        said("HiHi", done=False),
        0,
    ),
    "a field's name twice": (HI.replace(b"data:", b"data: data:") + STOP + event("data: [DONE]"), said(), 0),
    "fields in capitals": ((HI + STOP + END).replace(b"data:", b"DATA:"), said(), 0),
    "a field by another name": ((HI + STOP).replace(b"data:", b"chunk:") + END, said(), 0),
    "a page after the finish reason": (HI + STOP + b"<html>\n<p>x</p>\n</html>\n\n" + END, said(), 0),
    "an empty list": (HI + event("[]") + STOP + END, said(), 1),
    "control characters": (event(delta("H\t")).replace(b"\\t", b"\t") + STOP + END, said("H\t"), 0),
    "no finish reason in words": (event(delta("Hi", "null")) + END, said(finish=None), 0),
    "text for a delta": (event({"choices": [{"delta": "Hi"}]}) + STOP + END, said(), 0),
    "one choice without a list": (event({"choices": {"delta": {"content": "Hi"}}}) + STOP + END, said(), 0),
    "content beside": (event({"choices": [{"content": "Hi"}]}) + STOP + END, said(), 0),
    "a bare word": (HI + event("ping") + STOP + END, said(), 1),
    "bare words": (
        HI + event("[HEARTBEAT]") + event("null") + event("1") + event('"ok"') + STOP + END,
        said(),
        4,
    ),
    "an event by another name": (HI + b"event: metrics\n" + event("{broken") + STOP + END, said(), 1),
    "no object by another name": (HI + b"event: metrics\n" + event("[1]") + STOP + END, said(), 1),
    "an object by another name": (HI + b"event: metrics\n" + event('{"tps": 7}') + STOP + END, said(), 0),
    "null after the finish reason": (HI + STOP + event("null") + END, said(), 1),
    "broken JSON after the finish reason": (HI + STOP + event("{broken") + END, said(), 1),
    "no object after the finish reason": (HI + STOP + event("[1]") + END, said(), 1),
    "words after the finish reason": (HI + STOP + event("good bye now") + END, said(), 1),
    "another [DONE]": (HI + STOP + event('"[done]"'), said(), 0),
    "a comment in braces": (b": {wait}\n\n" + HI + STOP + END, said(), 0),
    "a name told twice": (wide('"created": 1, "created": 2') + STOP + END, said(), 0),
    "content told twice": (
        b'data: {"choices": [{"delta": {"content": "no", "content": "Hi"}}]}\n\n' + STOP + END,
        said(),
        0,
    ),
    "a number past 64 bits": (wide('"seed": 18446744073709551616') + STOP + END, said(), 0),
    "a number past 63 bits": (wide('"seed": 9223372036854775808') + STOP + END, said(), 0),
    "a number of 5,000 digits": (wide(f'"seed": {"9" * 5000}') + STOP + END, said(), 0),
    "a number below all": (wide('"seed": -9223372036854775809') + STOP + END, said(), 0),
    "no finite number": (wide('"logprob": -Infinity, "top": NaN, "p": 1e999') + STOP + END, said(), 0),
    "half an emoji with them": (
        wide('"p": NaN', "\\ud83d") + wide('"p": 1, "p": 2', "\\ude00") + STOP + END,
        said("😀"),
        0,
    ),
    "counts out of range": (
        HI
        + event(delta(finish="stop")).replace(b'"id"', b'"usage": {"prompt_tokens": Infinity}, "id"')
        + END,
        said(),
        0,
    ),
    "text after the finish reason": (event(delta("H", "stop")) + event(delta("i", "stop")) + END, said(), 0),
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_it_reads_every_oddity_cut_at_every_byte(oddity):
    data, expected, unreadable = ODDITIES[oddity]
    step = max(1, len(data) // 500)  # of the long ones not quite every byte
    assert read(data) == expected
    assert read(*(data[at : at + 1] for at in range(len(data)))) == expected
    for cut in range(0, len(data), step):
        assert read(data[:cut], data[cut:]) == expected
    reading = parser()
    reading.feed(data)
    reading.finish()
    assert reading.unreadable_events == unreadable


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (HI + event("{broken") + STOP + END, Kind.NOT_JSON),
        (HI + b"event: message\n" + event("{broken") + STOP + END, Kind.NOT_JSON),
        (HI + event('ello"}}]}') + STOP + END, Kind.NOT_JSON),
        (HI + b'{"choices": [{"delta"\n\n' + STOP + END, Kind.NOT_JSON),
        (HI + event("[1]") + STOP + END, Kind.UNEXPECTED_SHAPE),
        (HI + event("[" * 40 + "]" * 40) + STOP + END, Kind.NOT_JSON),
        (LINES[:-1] + b"\n{broken\n" + LINES, None),
        (b"{broken\n" + LINES, Kind.NOT_JSON),
    ],
)
def test_words_that_may_be_lost_are_an_error(data, kind):
    for cut in range(len(data)):
        error = read(data[:cut], data[cut:])[-1]
        assert (error and error[1]) == kind


def test_a_piece_is_handed_out_with_its_line():
    reading = parser()
    first, second, _ = LINES.splitlines(keepends=True)
    assert [chunk.text for chunk in reading.feed(first)] == ["H"]
    assert [chunk.text for chunk in reading.feed(second)] == ["i"]


def test_what_stood_before_a_break_is_there():
    reading = parser()
    reading.feed(documented_stream("Hi").partition(b"\n\n")[0] + b"\n")
    assert [
        chunk.text for chunk in reading.fail(reading._reader.unreadable("Lost.", Kind.NOT_JSON, b""))
    ] == ["Hi"]
    assert reading.error is not None


def test_an_event_too_large_after_the_finish_reason_ends_the_answer():
    reading = parser()
    reading.feed(HI + STOP + event({"choices": [], "usage": REPORT}))
    reading.feed(b"data: " + b"x" * 2_000_000)
    assert (reading.error, reading.is_over, reading.transcript.usage) == (None, True, Usage(5, 2, 7))


@pytest.mark.parametrize("large", [b"x" * 2_000_000, b"x" * 2_000_000 + b"\n\n"])
def test_what_came_in_one_read_with_an_event_too_large_is_there(large):
    for before, error in ((HI + STOP, None), (HI, Kind.TOO_LARGE)):
        text, finish, _, _, failed = read(before + b"data: " + large)
        assert (text, finish, failed and failed[1]) == ("Hi", None if error else "stop", error)


def test_broken_json_may_be_as_large_as_json():
    assert read(b'{"choices": ["' + b"x" * 2_000_000)[-1][1] is Kind.NOT_JSON
    assert read(b'{"choices": ["' + b"x" * 9_000_000)[-1][1] is Kind.TOO_LARGE


@pytest.mark.parametrize("count", [16, 100_000])
def test_choices_without_end_are_bounded(count):
    reading = parser()
    for index in range(count):
        reading.feed(event({"choices": [{"index": index, "delta": {"content": "a"}}]}))
        if index > 200:
            break
    assert len(reading.transcript._choices) == min(count, 128)
