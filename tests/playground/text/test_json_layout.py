"""JSON is laid out for people, and nothing in it changes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.text.json_layout import lay_out

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_it_says_the_same_as_before(value: object) -> None:
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert lay_out(compact) == json.dumps(value, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("number", ["1e-7", "1.0", "-0.0", "12345678901234567890", "1E5"])
def test_a_number_stays_as_it_was_written(number: str) -> None:
    assert lay_out(f'{{"n":{number}}}') == f'{{\n  "n": {number}\n}}'
