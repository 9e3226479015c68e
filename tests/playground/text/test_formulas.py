r"""Formulas can be read, and copied to where they are drawn: nothing in them is Markdown."""

import re
from html import unescape

import pytest

from playground.text.markdown import render


def shown(text: str) -> str:
    """The text that a reader sees, where there is one paragraph and nothing in it."""
    markup = render(text)
    assert markup.count("<p ") == 1
    assert set(re.findall("<[a-z]+", markup)) <= {"<p", "<br"}, markup
    return unescape(re.sub("<[^>]+>", "", markup)).strip()


@pytest.mark.parametrize(
    "formula",
    [
        r"\(x\)",
        r"\[x\]",
        r"so \(a_1 + b_1\) and \(2 * a * b\)",
        r"\(\{1, 2\}\), \(a \\ b\), \(x\,y\), \(50\%\), \(`a`\)",
        r"\[\sum_{i=0}^{n} x_i^2 = \frac{1}{2} * [a](b) * 2\]",
        r"an open one: \(x",
        r"a closed one: x\)",
        r"$$a_1 * b_1 * c$$",
        "\\[\na\n= b\n+ c\n- d\n# e\n> f\n\\]",
        "where\n\\[\na_1 \\\\\n=\n\\]",
        "$$\n\\begin{aligned}\n- a &= b \\\\\n\\end{aligned}\n$$",
    ],
)
def test_a_formula_stays_as_it_was_written(formula: str) -> None:
    if formula.startswith("where"):
        assert render(formula).count("<p ") == 2
        formula = formula.removeprefix("where\n")
    assert shown(formula) == formula


def test_what_follows_a_formula_is_markdown_again() -> None:
    markup = render("\\[\nx_1\n\\]\n- **a**\n\nand \\(y_1\\) is *b*")
    assert "<li" in markup
    assert "<strong>a</strong>" in markup
    assert "<em>b</em>" in markup


def test_a_formula_that_never_ends_ends_with_its_paragraph() -> None:
    assert "<li" in render("\\[\nx\n\n- a")


def test_prices_are_no_formulas() -> None:
    assert "<strong>dear</strong>" in render("from $$ to **dear** at $$$")


@pytest.mark.parametrize("escaped", ["*a*", "_a_", "`a`", "{a}", "#a", "!a", "a|b", "~a~"])
def test_other_escapes_are_those_of_commonmark(escaped: str) -> None:
    assert shown(re.sub(r"([^a-z])", r"\\\1", escaped)) == escaped


def test_in_code_a_backslash_is_one() -> None:
    assert r"<code>\(x\)</code>" in render(r"`\(x\)`")
    assert "<code>\\[x\\]\n</code>" in render("```\n\\[x\\]\n```")
