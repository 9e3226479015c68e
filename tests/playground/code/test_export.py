"""Values are written so that nothing in a text can end its quotes, and nothing in it is unseen."""

import ast
import inspect
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.resources.chat.completions import Completions

from playground.code.export.languages import BY_NAME, LANGUAGES
from playground.code.export.literals import JSON, PYTHON, SCRIPT
from playground.code.export.python import OPENAI_ARGUMENTS, RAX_ARGUMENTS
from playground.code.export.requests import CodeRequest
from rax import Client
from tests.playground.code.asked import TEXTS, request

WRITTEN = [language.name for language in LANGUAGES]
texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert json.loads(JSON.write(value)) == value
    assert ast.literal_eval(PYTHON.write(value)) == value


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_keeps_to_its_line_and_shows_all_it_holds(text: str) -> None:
    for notation in (JSON, PYTHON, SCRIPT):
        assert notation.write(text).isprintable()


def test_half_a_character_is_written_as_what_is_sent_for_it() -> None:
    assert JSON.write("a\ud83d") == '"a\ufffd"'
    assert JSON.write("\ud83d\ude00") == '"😀"'


def test_javascript_rounds_no_number_and_hides_no_field() -> None:
    assert (
        SCRIPT.write({"seed": 2**60, "__proto__": 1})
        == '{"seed": JSON.rawJSON("1152921504606846976"), ["__proto__"]: 1}'
    )


def test_the_libraries_know_the_arguments_by_name() -> None:
    assert inspect.signature(Completions.create).parameters.keys() >= OPENAI_ARGUMENTS
    assert inspect.signature(Client.chat).parameters.keys() >= RAX_ARGUMENTS


@pytest.mark.parametrize("name", WRITTEN)
def test_a_program_streams_or_does_not(name: str) -> None:
    whole = request("Hi", "https://ai.example/v1")
    streamed = whole.streamed(streams=True)
    assert streamed.payload["stream_options"] == {"include_usage": True}
    write = BY_NAME[name].write
    assert write(whole) != write(streamed)
    assert write(streamed.streamed(streams=False)) == write(whole)


def test_the_rax_api_is_not_asked_for_usage() -> None:
    assert (
        "stream_options" not in request("Hi", "https://ai.raxcore.dev/api/v1").streamed(streams=True).payload
    )


@pytest.mark.parametrize(
    ("base_url", "allowed"),
    [
        ("https://ai.example/v1", ()),
        ("http://10.0.0.7:8000/v1", ("10.0.0.7/32",)),
        ("http://localhost:8000/v1", ("127.0.0.0/8", "::1/128")),
        ("http://[::1]:8000/v1", ("::1/128",)),
        ("https://8.8.8.8/v1", ()),
    ],
)
def test_the_client_is_told_of_addresses_that_are_not_public(base_url: str, allowed: tuple[str, ...]) -> None:
    code = CodeRequest(base_url, {})
    assert code.private_addresses == allowed
