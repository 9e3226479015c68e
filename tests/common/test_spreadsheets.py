"""No text of others is a formula in a spreadsheet."""

import pytest

from common.spreadsheets import guarded, guarded_name, unguarded


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


@pytest.mark.parametrize("name", ["a;=1+1", "=1;\u200b@b;-c", ";;＝d", "; -e"])
def test_no_part_of_a_name_between_semicolons_is_a_formula(name: str) -> None:
    parts = guarded_name(name).split(";")
    assert parts == [guarded(part) for part in name.split(";")] != name.split(";")
    assert unguarded(";".join(parts)) == name


@pytest.mark.parametrize("name", ["a;b", "a; b; 'c'", "rax-4.0", "a-b;c=d"])
def test_names_with_semicolons_stay_as_they_are(name: str) -> None:
    assert guarded_name(name) == unguarded(name) == name
