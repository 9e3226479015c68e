"""What differs between columns is told, and whether their answers can say which difference did it."""

import pytest

from playground.editor.columns.changes import change_columns
from playground.editor.columns.differs import Differences, differences
from playground.models.drafts import Fields

ASKED: Fields = {"model": "rax-4.0", "message": "Hello", "stream": "on", "temperature": "0.2"}


def differ(*changes: Fields, keys: dict[str, str] | None = None) -> Differences:
    """Compare columns that ask the same, but for these changes."""
    return differences([ASKED, *({**ASKED, **change} for change in changes)], keys)


def told(found: Differences) -> dict[str, tuple[tuple[str, str], ...]]:
    return {factor.label: factor.groups for factor in found.factors}


def test_only_what_differs_is_told() -> None:
    found = differ({"model": "rax-4.5"})
    assert told(found) == {"Model": (("A", "rax-4.0"), ("B", "rax-4.5"))}
    assert (found.words, found.is_warned, found.cure) == ("", False, None)


def test_columns_that_ask_the_same_differ_in_nothing() -> None:
    found = differ({})
    assert (found.factors, found.words, found.is_warned) == ((), "", False)


SAME: list[Fields] = [
    {"temperature": "0,20"},
    {"temperature": " 0.2 "},
    {"model": "rax-4.0 "},
    {"system_prompt": " \n"},
    {"stop": "\n\n"},
]


@pytest.mark.parametrize("change", SAME)
def test_what_is_sent_alike_does_not_differ(change: Fields) -> None:
    assert not differ(change).factors


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("key", "2", "Trial"),
        ("system_prompt", "Be brief.", "Be brief."),
        ("message", "Bye", "Bye"),
        ("temperature", "", "not sent"),
        ("max_tokens", "9", "9"),
        ("top_p", "0.5", "0.5"),
        ("stop", "END", "END"),
        ("extra", '{"seed": 7}', '{"seed": 7}'),
        ("stream", "", "off"),
    ],
)
def test_everything_that_is_sent_is_compared(name: str, value: str, shown: str) -> None:
    (factor,) = differ({name: value}, keys={"1": "Main", "2": "Trial"}).factors
    assert (factor.name, factor.values[1]) == (name, shown)


def test_two_things_that_differ_are_warned_of_and_cured() -> None:
    found = differ({"model": "rax-4.5", "system_prompt": "Be brief."})
    assert found.words == "Two things differ: the answers cannot say which one did it."
    assert found.cure
    assert found.cure.label == "Model"


def test_many_columns_may_differ_one_thing_at_a_time() -> None:
    found = differ(
        {"model": "rax-4.5"},
        {"model": "rax-4.5", "temperature": "0.7"},
        {"model": "rax-4.5", "temperature": "1.2"},
    )
    assert told(found) == {
        "Model": (("A", "rax-4.0"), ("BCD", "rax-4.5")),
        "Temperature": (("AB", "0.2"), ("C", "0.7"), ("D", "1.2")),
    }
    assert found.words == "A and B compare the model; B, C and D the temperature."
    assert not found.is_warned


def test_one_column_of_many_that_differs_in_more_is_named() -> None:
    found = differ({"model": "rax-4.5"}, {"message": "Bye", "temperature": "1"})
    assert found.lost == "C"
    expected = "C differs from all others in more than one thing: its answer cannot say which did it."
    assert found.words == expected


def test_the_cure_leaves_one_thing_that_differs() -> None:
    columns = [ASKED, {**ASKED, "model": "rax-4.5", "message": "Bye", "conversation": "x"}]
    cured = change_columns(columns, "only:a:model")
    (factor,) = differences(cured).factors
    assert factor.name == "model"
    assert cured[1]["conversation"] == "x"


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("word " * 50, ["1 word", "+49 words"]),
        ("x" * 41, ["1 word", "other words"]),
        (" ", ["Hello", "not sent"]),
    ],
)
def test_a_long_text_is_told_by_how_much_longer_it_is(message: str, values: list[str]) -> None:
    (factor,) = differ({"message": message}).factors
    assert factor.values == values
