"""Names that others chose stay within themselves."""

import pytest

from common.templatetags.names import isolated


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("rax-4.5", "rax-4.5"),
        ("a,b <c>", "a,b <c>"),
        ("rax\u202egpt", "raxgpt"),
        ("\u2066a\u2069\u2069", "a"),
        ("\u05d0\u05d1", "\u2068\u05d0\u05d1\u2069"),
        ("\u05d0\u2069b", "\u2068\u05d0b\u2069"),
        ("\u2068\u05d0\u2069 · b", "\u2068\u05d0\u2069 · b"),
        ("\u2068\u05d0\u202e\u2069b", "\u2068\u05d0b\u2069"),
        ("\u2068\u05d0\u2069\u2069b", "\u2068\u05d0b\u2069"),
    ],
)
def test_a_name_cannot_turn_round_what_stands_beside_it(name: str, shown: str) -> None:
    assert isolated(name) == shown
