"""No text of others is a formula in a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.spreadsheets import guarded, unguarded


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\u202e", "\ufeff", "\x00", "\u3000"])
def test_what_would_be_a_formula_stands_behind_an_apostrophe(sign: str, before: str) -> None:
    text = f'{before}{sign}HYPERLINK("http://127.0.0.1")'
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\ttab", "\rreturn", "\nline"])
def test_what_would_move_to_another_cell_does_too(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "rax-4.0", "a=1", "2 + 2", "'quoted'", "שלום", "Büro, “Nord”", "–", "a; b\n'c'", "a-b;c=d"]
)
def test_all_else_stays_as_it_is(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


@pytest.mark.parametrize("end", [";", "\n", "\r\n", "\t"])
@pytest.mark.parametrize("formula", ["=1+1", "\u200b@b", " -c", "＝d", "'=e"])
def test_no_part_that_may_be_a_cell_of_its_own_is_a_formula(end: str, formula: str) -> None:
    text = f"a{end}{formula}{end}{formula}{end}b"
    assert guarded(text) == f"a{end}'{formula}{end}'{formula}{end}b"


@given(st.one_of(st.text(), st.text("=+-@\t\r\n; \u200b＝a'")))
def test_what_was_guarded_is_read_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)).strip(" ") == text.strip(" ")
