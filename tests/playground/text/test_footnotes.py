"""Footnotes: numbered as they are referred to, at the end of the answer, linked to and fro."""

import re
import time

import pytest

from playground.text.live_markdown import LiveMarkdown
from playground.text.markdown import render

TWO = "One[^b], two[^a], again[^b].\n\n[^a]: The first.\n[^b]: The *second*.\n\n    More.\n\nAfter."


def ids(markup: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', markup)


def targets(markup: str) -> list[str]:
    return re.findall(r'href="#([^"]+)"', markup)


def plain(markup: str) -> list[str]:
    """Its lines as people read them."""
    return [line for line in re.sub(r"<[^>]+>", "", markup).splitlines() if line.strip()]


def test_they_stand_at_the_end_in_the_order_of_their_numbers() -> None:
    assert plain(render(TWO)) == ["One1, two2, again1.", "After.", "The second.", "More. ↩ ↩", "The first. ↩"]


def test_every_link_leads_to_a_place_that_there_is_once() -> None:
    markup = render(TWO, prefix="run")
    assert len(targets(markup)) == 6
    assert set(targets(markup)) == set(ids(markup))
    assert len(set(ids(markup))) == len(ids(markup))


def test_answers_of_one_page_do_not_share_a_place() -> None:
    one, other = (set(ids(render(TWO, prefix=prefix))) for prefix in ("run-1", "run-2"))
    assert one
    assert not one & other


def test_what_is_not_defined_stays_as_it_was_written() -> None:
    assert plain(render("See [^1] and `[^2]`.\n\n[^2]: Two")) == ["See [^1] and [^2].", "Two"]
    assert "[^1]" in render("See [^1].")


def test_a_name_is_defined_once_and_nothing_is_lost() -> None:
    assert plain(render("a[^1]\n\n[^1]: One\n\n[^1]: Two"))[1] == "1: Two"


def test_a_note_that_nobody_refers_to_is_there() -> None:
    assert plain(render("Text.\n\n[^x]: Lonely.")) == ["Text.", "Lonely."]


@pytest.mark.parametrize("label", ['"><b>', "<script>", "a&b", "javascript:x"])
def test_nothing_is_smuggled_in_by_a_name(label: str) -> None:
    markup = render(f"a[^{label}]\n\n[^{label}]: b", {"is_part": True}) + render(
        f"a[^{label}]\n\n[^{label}]: b"
    )
    assert "<b>" not in markup
    assert "<script" not in markup
    assert all(re.fullmatch(r"fn(ref)?--\d+(-\d+)?", name) for name in [*ids(markup), *targets(markup)])


def test_an_answer_cannot_write_our_places_itself() -> None:
    markup = render('<sup class="footnote-ref">1:1</sup> <span class="footnote-back">1:1</span>')
    assert "href" not in markup


def test_a_page_gets_them_linked_when_the_answer_is_over() -> None:
    live = LiveMarkdown("live", "run")
    shown = live.feed(TWO, 0.0)
    assert "[^b]" in shown.closed
    assert not targets(shown.closed)
    assert live.finish().answer == render(TWO, prefix="run")


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_however_it_comes_it_ends_up_as_the_whole(size: int) -> None:
    live = LiveMarkdown("live", "run")
    for start in range(0, len(TWO), size):
        live.feed(TWO[start : start + size], start / 10)
    assert live.finish().answer == render(TWO, prefix="run")


@pytest.mark.parametrize(
    "text",
    [
        "[^1]: " * 20_000,
        "\n".join(f"[^{n}]: note" for n in range(5_000)) + "\n\n" + " ".join(f"[^{n}]" for n in range(600)),
        "\n\n".join(f"[^{n}]" * 200 for n in range(100)) + "\n\n[^1]: note",
        "[^1]: a\n\n" + "[^1]" * 1_000 + "\n\n" + "[^" * 20_000,
        "\n".join("    " * n + f"[^{n}]: note" for n in range(300)),
    ],
)
def test_many_of_them_take_no_time(text: str) -> None:
    began = time.thread_time()
    render(text)
    assert time.thread_time() - began < 5


@pytest.mark.parametrize(
    ("fence", "inner"),
    [("````", "```"), ("~~~", "```"), ("```", "~~~"), ("`````", "````"), ("````md", "```py")],
)
def test_a_listing_within_a_listing_is_its_text(fence: str, inner: str) -> None:
    mark = fence.rstrip("md")
    text = f"{fence}\n{inner}\na\n{inner[:3]}\n{mark}\n\nAfter."
    markup = render(text)
    assert markup.count('class="code"') == 1
    assert "After.</p>" in markup
