"""What at the end of growing Markdown waits for the few characters that decide."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.text.undecided import line_ends, undecided_from, without_fence

LINE_ENDS = re.compile(r"\n[ \t\n]*\Z")
LISTING_END = re.compile(r"\n[ \t\n]*(?:`+|~+)?[ \t]*\Z")


def start(pattern: re.Pattern[str], text: str) -> int | None:
    """Where a pattern is found."""
    found = pattern.search(text)
    return found.start() if found else None


@given(st.text("\n\t `~x", max_size=12))
def test_the_end_is_what_an_expression_finds(text: str) -> None:
    assert line_ends(text) == start(LINE_ENDS, text)
    assert line_ends(text[: without_fence(text)]) == start(LISTING_END, text)


@pytest.mark.parametrize("is_listing", [True, False])
def test_empty_lines_without_end_cost_no_more_than_letters(monkeypatch, is_listing: bool) -> None:
    """By an expression this took an hour."""
    monkeypatch.setattr("playground.text.undecided.LONGEST_ENDING", 1_000_000)
    text = "\n" * 500_000 + "x\n-"
    found = undecided_from(text, begins_line=False, is_listing=is_listing)
    assert found == len(text) - (0 if is_listing else len("\n-"))
