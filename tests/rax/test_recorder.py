"""What a server sent, recorded as it came."""

import itertools
import zlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import RECORDED_BYTES, Key, RecordedLine, Recorder, read_recording

KEY = "rax_secret_0123456789"


def recorded(*reads: bytes, key: str = KEY) -> list[RecordedLine]:
    """The lines of what came in these reads, ten milliseconds after one another."""
    return list(read_recording(recording_of(*reads, key=key).content))


def recording_of(*reads: bytes, key: str = KEY):
    ticks = itertools.count()
    recorder = Recorder(lambda: next(ticks) / 100)
    recorder.begin(Key(key))
    for read in reads:
        recorder.hear(read)
    return recorder.finish()


def texts(lines: list[RecordedLine]) -> list[bytes]:
    return [line.text for line in lines]


def test_each_line_has_the_time_at_which_its_end_came():
    lines = recorded(b"data: 1\n", b"\ndata: 2", b"\n", b"\nlast")
    times = [(line.ms - lines[0].ms, line.text) for line in lines]
    assert times == [(0, b"data: 1"), (10, b""), (20, b"data: 2"), (30, b""), (30, b"last")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_ends_one_line(end):
    assert texts(recorded(b"one" + end + b"two" + end)) == [b"one", b"two"]


def test_a_line_end_that_is_cut_in_two_is_one():
    assert texts(recorded(b"one\r", b"\ntwo")) == [b"one", b"two"]


def test_nothing_came_of_nothing():
    assert recording_of().content == b""
    assert recording_of().size == 0


@given(st.lists(st.binary(max_size=40), max_size=40))
def test_however_it_is_cut_all_of_it_is_kept(reads):
    whole = b"".join(reads)
    assert (
        texts(recorded(*reads))
        == whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
        or not whole
    )


def test_only_the_last_request_counts():
    recorder = Recorder()
    recorder.hear(b"refused\n")
    recorder.begin(Key(KEY))
    recorder.hear(b"answered\n")
    assert texts(list(read_recording(recorder.finish().content))) == [b"answered"]


@pytest.mark.parametrize(
    "told",
    [KEY, KEY.upper(), KEY.encode().hex(), b64encode(KEY.encode()).decode(), KEY.replace("_", "\\u005f")],
)
def test_the_key_is_not_in_it(told):
    said = f'data: {{"error": "no such key: {told}"}}\n'.encode()
    for cut in range(0, len(said), 5):
        content = recording_of(said[:cut], said[cut:]).content
        kept = b"".join(texts(list(read_recording(content))))
        assert told.encode()[:12] not in kept
        assert b"***" in kept


def test_it_is_withheld_where_an_answer_says_the_key_in_pieces():
    key = Key(KEY)
    recorder = Recorder()
    recorder.begin(key)
    flow = key.answer_text()
    for letter in KEY:
        recorder.hear(f"data: {letter}\n".encode())
        flow.feed(letter)
    recording = recorder.finish()
    assert (recording.content, recording.is_withheld) == (b"", True)
    assert recording.size > len(KEY)


def test_an_answer_that_says_the_key_in_one_piece_withholds_nothing():
    key = Key(KEY)
    key.answer_text().feed(f"It is {KEY}, and {KEY}.")
    assert not key.was_told_in_pieces


def test_of_much_its_beginning_and_its_end_are_kept():
    reads = [b"data: %07d %s\n" % (number, b"x" * 80) for number in range(30_000)]
    recording = recording_of(*reads)
    lines = list(read_recording(recording.content))
    gap = next(index for index, line in enumerate(lines) if line.left_out)
    kept = sum(len(line.text) + 1 for line in lines if not line.left_out)
    assert lines[0].text == reads[0].strip()
    assert lines[-1].text == reads[-1].strip()
    assert lines[gap - 1].text == reads[gap - 1].strip()
    assert kept <= RECORDED_BYTES
    assert kept > RECORDED_BYTES * 0.9
    assert kept + lines[gap].left_out == recording.size == sum(map(len, reads))


def test_of_a_line_without_an_end_its_beginning_is_kept():
    recording = recording_of(*[b"x" * 10_000] * 400, b"\nand then\n")
    first, gap, end, last = read_recording(recording.content)
    assert first.text == b"x" * len(first.text)
    assert end.text == b""
    assert len(first.text) + gap.left_out + len(b"\n" + last.text + b"\n") == recording.size
    assert RECORDED_BYTES * 0.9 < len(first.text) <= RECORDED_BYTES
    assert last.text == b"and then"


def test_the_key_is_not_at_the_cut_of_a_line():
    """Wherever in a long line the key stands: it is found whole, or left out."""
    for before in range(1024 * 1024 - 90_000, 1024 * 1024 - 60_000, 997):
        content = recording_of(b"x" * before + KEY.encode() + b"y" * 200_000).content
        assert KEY[:10].encode() not in b"".join(texts(list(read_recording(content))))


def test_a_body_that_comes_at_once_is_cut_like_one_that_comes_in_pieces():
    body = b"".join(b'  "%d": true,\n' % number for number in range(200_000))
    kept = texts(list(read_recording(recording_of(body).content)))
    assert kept[0] == b'  "0": true,'
    assert kept[-1] == b'  "199999": true,'
    assert sum(map(len, kept)) < RECORDED_BYTES


def test_a_stream_in_small_pieces_takes_little_room():
    event = b'data: {"id":"req_1","choices":[{"index":0,"delta":{"content":"word%d "}}]}\n\n'
    recording = recording_of(*(event % number for number in range(2_000)))
    assert recording.size > 150_000
    assert len(recording.content) < recording.size / 8
    assert zlib.decompressobj().decompress(recording.content)


def test_a_million_empty_lines_take_little_room():
    lines = recorded(*[b"\n" * 10_000] * 100)
    assert len(lines) < 150_000
    assert any(line.left_out for line in lines)
