"""Markdown from a model is as hostile as its prompt."""

import re
from html import unescape

import pytest

from playground.text import listings
from playground.text.markdown import INLINE_CHARS, render


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "<https://example.com/><svg onload=alert(1)>",
        '[x](https://example.com/"onmouseover="alert(1))',
        "`<style>*{display:none}</style>`",
        '```"><script>alert(1)</script>\ncode\n```',
        '```python class="x" onload=y\nprint("</code><script>")\n```',
        "<!--<script>-->",
        "| <b onclick=x>a</b> |\n|--|\n| <iframe src=x> |",
    ],
)
def test_it_lets_nothing_run(hostile: str) -> None:
    markup = render(hostile)
    for tag in ("<script", "<img", "<svg", "<style", "<iframe", "<b ", "<!--"):
        assert tag not in markup
    for tag in re.findall("<[a-z][^>]*>", markup):
        assert not re.search(r"""\son|style=|href="(?!https://)""", tag)


def test_links_are_https_and_tell_the_other_side_nothing() -> None:
    markup = render("[a](https://example.com/?a=1&b=2) [b](http://example.com/) [c](/keys/)")
    assert markup.count("<a ") == 1
    assert 'href="https://example.com/?a=1&amp;b=2"' in markup
    assert 'rel="noopener noreferrer nofollow"' in markup


def test_images_become_links_and_load_nothing() -> None:
    assert render("![chart](https://example.com/x.png)").startswith(
        '<p dir="auto">!<a href="https://example.com/x.png"'
    )


def test_code_is_coloured_by_classes_and_can_be_copied() -> None:
    markup = render('```python\ndef f():\n    return "<b>"\n```')
    assert '<span class="k">def</span>' in markup
    assert '<span class="code-language">python</span>' in markup
    assert '<button type="button" class="code-copy">' in markup
    assert "&lt;b&gt;" in markup


def test_code_of_an_unknown_language_stays_plain() -> None:
    assert "<code>a &lt; b\n</code>" in render("```no-such-language\na < b\n```")


@pytest.mark.parametrize("language", ["autoit", "ini", "console", "markdown"])
def test_code_whose_colours_can_take_minutes_stays_plain(language: str) -> None:
    listing = "= \n\n" * 500
    assert f"<code>{listing}</code>" in render(f"```{language}\n{listing}```")


def test_a_listing_loses_its_colours_where_the_time_for_them_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "HIGHLIGHT_SECONDS", -1)
    listing = "def f():\n    return '<b>'\n"
    markup = render(f"```python\n{listing}```").partition("<code>")[2].partition("</code>")[0]
    assert markup.count("<span") == 1
    assert unescape(re.sub("<[^>]+>", "", markup)) == listing


def test_table_cells_are_aligned_by_classes() -> None:
    assert '<td dir="auto" class="align-right">1</td>' in render("| a |\n|--:|\n| 1 |")


def test_a_paragraph_too_long_to_parse_stays_as_it_was_written() -> None:
    brackets = "[" * INLINE_CHARS
    assert render(f"*{brackets}") == f'<p dir="auto">*{brackets}</p>\n'
    assert render(f"*a*\n\n{brackets}<b>").startswith('<p dir="auto"><em>a</em></p>\n<p dir="auto">[[')


def test_a_table_grows_little_by_cells_that_nobody_wrote() -> None:
    markup = render("|a" * 700 + "\n" + "|-" * 700 + "\n" + "|a\n" * 1_000)
    assert markup.count("<td ") <= 1_400


def test_headings_go_on_from_those_of_the_page() -> None:
    assert render("# One\n\n## Two\n\n###### Six") == (
        '<h2 dir="auto">One</h2>\n<h3 dir="auto">Two</h3>\n<h6 dir="auto">Six</h6>\n'
    )
