"""No text of others is a formula in a spreadsheet."""

import pytest

from common.spreadsheets import guarded


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\u202e", "\ufeff", "\x00", "\u3000"])
def test_what_would_be_a_formula_stands_behind_an_apostrophe(sign: str, before: str) -> None:
    text = f'{before}{sign}HYPERLINK("http://127.0.0.1")'
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\t=1", "\ttab", "\rreturn", "\nline", " \t@a"])
def test_what_would_move_to_another_cell_does_too(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "rax-4.0", "a=1", "2 + 2", "'quoted'", "שלום", "Büro, “Nord”", "–"])
def test_all_else_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
