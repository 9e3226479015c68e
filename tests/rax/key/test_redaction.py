"""The key never leaves: plain, escaped, encoded, in capitals, or cut short."""

import base64
import html
import json
import string
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rax import Key
from rax._key import Redactor

SECRET = "rax_live_4f9c1d2e8a7b6c5d4e3f2a1b"
KEYS = st.text(string.ascii_letters + string.digits + "-_./+=%\"\\'&;:", min_size=8, max_size=64)
BESIDE = st.text(" \n<>é\u2028\ud83d☃", max_size=20)


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "json": lambda key: json.dumps(key)[1:-1],
    "json with slashes": lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
    "json in numbers": lambda key: "".join(f"\\u{ord(char):04X}" for char in key),
    "url": lambda key: quote(key, safe=""),
    "url in numbers": lambda key: "".join(f"%{ord(char):02x}" for char in key),
    "html": html.escape,
    "html in decimals": lambda key: "".join(f"&#{ord(char)};" for char in key),
    "html in hex": lambda key: "".join(f"&#x{ord(char):04x};" for char in key),
    "hex": lambda key: key.encode().hex(),
    "hex in capitals": lambda key: key.encode().hex().upper(),
    "base64": in_base64,
    "base64 for urls": lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    "base64 in a url": lambda key: quote(in_base64(key), safe=""),
    "base64 of a header": lambda key: in_base64(f"Bearer {key}"),
    "base64 of a login": lambda key: in_base64(f"me:{key}"),
}


def left_of(encoded: str, result: str) -> list[str]:
    """The runs of twelve characters of an encoded key that a result still shows."""
    runs = (encoded[start : start + 12] for start in range(len(encoded) - 11))
    return [run for run in runs if run in result]


@given(KEYS, st.sampled_from(sorted(ENCODINGS)), BESIDE, BESIDE)
def test_it_leaves_nothing_of_an_encoded_key_and_everything_beside_it(key, encoding, before, after):
    encoded = ENCODINGS[encoding](key)
    result = Redactor(key).redact(before + encoded + after)
    assert left_of(encoded, result) == []
    assert result.startswith(before)
    assert result.endswith(after)
    assert "***" in result


@given(KEYS, st.text(), st.text())
def test_it_leaves_no_key_among_any_words(key, before, after):
    assert key not in Redactor(key).redact(before + key + after + key)


@given(st.binary())
def test_it_changes_nothing_where_there_is_no_key(data):
    assert Redactor(SECRET).redact_bytes(data) == data


@given(st.integers(12, len(SECRET)), st.sampled_from(sorted(ENCODINGS)))
def test_it_takes_a_long_beginning_for_the_key(length, encoding):
    encoded = ENCODINGS[encoding](SECRET[:length])
    assert left_of(encoded, Redactor(SECRET).redact(f"<{encoded}…>")) == []


@given(st.text(string.ascii_letters, min_size=1, max_size=7))
def test_a_short_key_is_found_as_a_whole(key):
    assert Redactor(key).redact(f"12 {key} 34 {key[:-1]}") == f"12 *** 34 {key[:-1]}"


@pytest.mark.parametrize(
    ("key", "text"),
    [("ollama", "ollama/llama3"), ("local", "a local-8b of localhost"), ("1", '{"tokens": 1\n}')],
)
def test_a_short_key_blots_no_innocent_word(key, text):
    assert Redactor(key).redact(text) == text


@pytest.mark.parametrize("text", ["rax_live_4f", "rax-4.0", "%41 \\u0041 &amp; &#65;", ""])
def test_it_leaves_short_beginnings_and_escapes_as_they_are(text):
    assert Redactor(SECRET).redact(text) == text


def test_it_finds_every_key_of_many():
    text = f'{{"a": "{SECRET}", "b": "{SECRET.upper()}{in_base64(SECRET)}", "c": 1}}'
    assert Redactor(SECRET).redact(text) == '{"a": "***", "b": "******", "c": 1}'


def test_a_key_redacts_texts_and_bytes():
    key = Key(SECRET)
    assert key.redact(f"No such key {SECRET}") == "No such key ***"
    assert key.redact_bytes(b"\xff " + SECRET.encode()) == b"\xff ***"
