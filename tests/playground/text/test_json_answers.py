"""JSON in answers: valid or not, and where; laid out with every number as it was written."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.text.json_answers import looks_like_json, read_answer

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 1, "\t"]))
def test_what_is_json_is_valid_and_stays_what_it_says(value, indent):
    found = read_answer(json.dumps(value, indent=indent, ensure_ascii=False))
    assert found.problem == ""
    assert json.loads(found.pretty) == value


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ('{"a": 1,\n "b" 2}', "Line 2, column 6: a colon is missing after the name."),
        ("[1, 2,]", "Line 1, column 6: this comma is one too many."),
        ('\n\n  {"a": tru}', "Line 3, column 9: a value is missing."),
        ("{'a': 1}", "Line 1, column 2: a name in double quotes is missing. A text stands in double quotes."),
        ("[1, NaN]", "Line 1, column 5: NaN is no number in JSON."),
        ('["Infinity",\n-Infinity]', "Line 2, column 1: -Infinity is no number in JSON."),
        ('{"a": "x', "Line 1, column 7: this text has no quote at its end."),
        ("Sure!", "Line 1, column 1: a value is missing."),
    ],
)
def test_it_says_where_a_text_stops_being_json(answer, problem):
    assert read_answer(answer).problem == problem


def test_it_shows_the_place():
    found = read_answer("[1, x]")
    assert (found.before, found.place, found.after) == ("[1, ", "x", "]")
    found = read_answer("[1")
    assert (found.before, found.place, found.after) == ("[1", "", "")


def test_numbers_stay_as_they_were_written():
    answer = '{"a": 1e400, "b": 12345678901234567890123, "c": 1.10, "d": -0}'
    found = read_answer(answer)
    assert [line.strip(" ,") for line in found.pretty.splitlines()[1:-1]] == answer[1:-1].split(", ")
    assert "1e400 is larger than most programs read exactly" in " ".join(found.remarks)


@pytest.mark.parametrize("number", ["1e308", "9007199254740992", "-9007199254740992", "1.5"])
def test_nothing_is_said_of_a_number_that_programs_read(number):
    assert read_answer(number).remarks == ()


@pytest.mark.parametrize("number", ["9007199254740993", "-9007199254740993", "1e309", "9" * 5_000])
def test_it_is_said_of_a_number_that_they_do_not(number):
    assert "larger than most programs read exactly" in read_answer(f"[{number}]").remarks[0]


def test_a_name_that_stands_there_twice_is_told():
    found = read_answer('[{"a": 1, "b": 2, "a": 3}]')
    assert found.problem == ""
    assert found.remarks == ("“a” stands there twice in one object: most programs read the last one.",)
    assert found.pretty.count('"a"') == 2


@pytest.mark.parametrize(
    "answer",
    [
        '```json\n{"a": 1}\n```',
        'Here it is:\n\n```json\n{"a": 1}\n```\nAnything else?',
        'First\n```python\nprint("{}")\n```\nthen\n~~~JSON\n{"a": 1}\n~~~',
        'As asked:\n```\n{"a": 1}\n```',
        '````json\n{"a": 1}\n````',
        '```json\n{"a": 1}',
    ],
)
def test_json_in_a_listing_is_found(answer):
    found = read_answer(answer)
    assert (json.loads(found.text), found.is_fenced) == ({"a": 1}, True)
    assert found.has_words == (not answer.startswith(("```json\n", "````json")))


def test_an_object_that_holds_a_listing_is_no_listing():
    answer = json.dumps({"code": "```json\n[]\n```"})
    assert not read_answer(answer).is_fenced
    assert read_answer(answer).text == answer


@pytest.mark.parametrize(
    ("answer", "is_json"),
    [
        ("{", True),
        (" [1", True),
        ("x\n```json\n1\n```", True),
        ("Hello", False),
        ("```py\n1\n```", False),
        ("4", False),
    ],
)
def test_it_tells_what_looks_like_it(answer, is_json):
    assert looks_like_json(answer) == is_json


@pytest.mark.parametrize(
    "answer",
    [
        "[" * 400_000,
        "[" * 9_000 + "]" * 9_000,
        '{"a":' * 90_000,
        "```\n" * 100_000,
        "~~~json\n" * 60_000,
        '"' * 400_000,
        " " * 900_000,
        "[" + "1," * 200_000 + "1]",
    ],
)
def test_hostile_text_takes_no_time_and_no_room(answer):
    began = time.thread_time()
    found = read_answer(answer)
    looks_like_json(answer)
    assert len(found.pretty) < 4_000_000
    assert time.thread_time() - began < 5
