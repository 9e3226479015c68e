"""The one JSON reader."""

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rax import JSONError, read_json
from rax._json import read_piece

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(-1e15, 1e15) | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
)


@given(VALUES, st.booleans())
@example({"": -(2**63), ":": None}, False)
def test_it_reads_what_json_writes(value, escapes):
    text = json.dumps(value, ensure_ascii=escapes)
    assert read_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b'["\\ud83d", 1e999]',
        b"9" * 5000,
        b"18446744073709551616",
        b"9223372036854775808",
        b"-9999999999999999999",
        b'{"a": 1, "a": 2}',
        b'{"a" : {"b": 1, "b": 2}}',
        b'{"a": ":", "a": 2}',
        b'["\\ud83d", {"a": 1, "a": 2}]',
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
        b'["\\ud83d"' + b",[" * 100_000,
        b"[1,]",
        b"{'a': 1}",
        b"<html>",
        b'"' + b"x" * (8 * 1024 * 1024) + b'"',
    ],
    ids=lambda text: text[:24].decode(),
)
def test_it_refuses(text):
    with pytest.raises(JSONError):
        read_json(text)


@pytest.mark.parametrize("value", ["{}", None, 1, {}, [b"{}"]])
def test_it_refuses_what_is_no_bytes(value):
    with pytest.raises(JSONError, match="bytes"):
        read_json(value)


# What colons, quotes and gaps can do to whoever counts them.
WORDS = st.text(alphabet='ab:"\\ \t', max_size=3)


@given(
    st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4),
    st.sampled_from([":", " :", ": ", "\n:", "\t: "]),
)
@example([("a", ":"), ("a", "b")], ":")
@example([("a", '":'), ("a", "b")], ":")
@example([("a\\", "b"), ("a\\", "b")], ":")
def test_it_refuses_a_name_that_comes_twice_and_nothing_else(pairs, colon):
    text = "{" + ", ".join(f"{json.dumps(name)}{colon}{json.dumps(word)}" for name, word in pairs) + "}"
    if len(dict(pairs)) < len(pairs):
        with pytest.raises(JSONError):
            read_json(text.encode())
    else:
        assert read_json(text.encode()) == dict(pairs)


def test_times_of_day_are_read_at_once(monkeypatch):
    monkeypatch.setattr("rax._json._read_carefully", None)
    assert read_json(b'{"start":"2026-11-01T00:00:00Z", "end": "x:y"}')["end"] == "x:y"


@given(st.binary())
def test_it_raises_one_error_only(data):
    with contextlib.suppress(JSONError):
        read_json(data)


def test_it_replaces_half_characters():
    assert read_json(b'{"\\ud83d": ["\\ude00", "\\ud83d\\ude00"]}') == {"\ufffd": ["\ufffd", "😀"]}


def test_it_keeps_half_characters_of_a_piece_and_says_so():
    assert read_piece(b'"\\ud83d"') == ("\ud83d", False)
    assert read_piece(b'{"a": "b:c"}') == ({"a": "b:c"}, True)


def test_it_reads_numbers_up_to_the_largest():
    assert read_json(b"[9223372036854775807, -9223372036854775808]") == [2**63 - 1, -(2**63)]


def test_it_reads_as_deep_as_is_allowed_and_no_deeper():
    assert read_json(b"[[[1]]]", max_depth=3) == [[[1]]]
    with pytest.raises(JSONError, match="nested too deeply"):
        read_json(b"[[[[1]]]]", max_depth=3)


def test_it_drops_a_byte_order_mark():
    assert read_json(b"\xef\xbb\xbf[1]") == [1]
