"""What models write beside plain paragraphs: tasks, listings in listings and in lists, both directions."""

import pytest

from playground.text.markdown import render


def test_a_line_end_is_a_line_break() -> None:
    assert render("Roses are red\nViolets are blue") == (
        '<p dir="auto">Roses are red<br>\nViolets are blue</p>\n'
    )


def test_a_task_is_a_box_that_nobody_can_press() -> None:
    markup = render("- [x] done\n- [ ] to do\n\n1. [X] counted")
    boxes = 'type="checkbox" disabled="" '
    assert markup.count('<li class="task"') == 3
    assert markup.count("<input") == markup.count('type="checkbox"') == markup.count('disabled=""') == 3
    assert markup.count('checked=""') == markup.count('aria-label="Done"') == 2, boxes
    assert markup.count('aria-label="To do"') == 1
    assert "[" not in markup


@pytest.mark.parametrize("text", ["[x] alone", "- [x]", "- [y] no", "- [x](https://a.b) link", r"- \[x] no"])
def test_nothing_else_is_a_task(text: str) -> None:
    assert "<input" not in render(text)


def test_a_task_may_hold_markdown_and_is_no_link() -> None:
    markup = render("- [x] **bold** and `code`\n\n[x]: https://example.com")
    assert "<strong>bold</strong>" in markup
    assert "<a " not in markup


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("````markdown\n```python\na\n```\n````", "```python\na\n```\n"),
        ("~~~\n```\na\n```\n~~~", "```\na\n```\n"),
        ("- one\n  ```\n  a\n  ```\n- two", "a\n"),
        ("1. one\n\n   ```\n   a\n\n   b\n   ```", "a\n\nb\n"),
        ("- ```\n  a\n  ```", "a\n"),
        ("> ```\n> a\n> ```", "a\n"),
        ("```\nnever closed\n", "never closed\n"),
    ],
)
def test_a_listing_holds_what_it_was_given(text: str, code: str) -> None:
    assert f"<code>{code}</code>" in render(text)


def test_each_block_finds_its_own_direction() -> None:
    markup = render("# a\n\nb\n\n- c\n- d\n\n> e\n\n| f |\n|---|\n| g |")
    for tag in ("h2", "p", "li", "blockquote", "th", "td"):
        assert f'<{tag} dir="auto">' in markup


def test_an_item_runs_as_its_first_paragraph_does() -> None:
    markup = render("- a\n\n  b\n\n- c")
    assert '<li dir="auto">\n<p>a</p>\n<p dir="auto">b</p>' in markup


def test_code_runs_from_left_to_right_and_a_letter_as_it_begins() -> None:
    assert '<pre tabindex="0" dir="ltr">' in render("```python\na\n```")
    assert '<pre tabindex="0" dir="auto">' in render("```\na\n```")
