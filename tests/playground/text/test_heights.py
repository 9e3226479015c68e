"""A growing answer in a browser: it never jumps back, and looks in the end as it did while it grew."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from playground.text.live_markdown import LiveMarkdown
from playground.text.markdown import render
from tests.browser import NARROW, WIDE
from tests.installation import ROOT
from tests.playground.text.shapes import SHAPES

STYLES = (
    "node_modules/@tabler/core/dist/css/tabler.min.css",
    *(f"static/common/{name}.css" for name in ("variables", "type")),
    *(f"static/playground/{name}.css" for name in ("variables", "editor/turn", "text/markdown", "text/code")),
)
BODY = """<div class="answer">
  <div class="answer-closed" id="closed"></div><div class="answer-tail" id="tail"></div>
</div>"""
# Does what the page's script does with each change, and tells the height after it.
PLAY = """(changes) => changes.map(([closed, tail, appended]) => {
  const [before, after] = [document.getElementById("closed"), document.getElementById("tail")];
  before.insertAdjacentHTML("beforeend", closed);
  if (tail !== null) after.innerHTML = tail;
  document.getElementById("live")?.insertAdjacentHTML("beforeend", appended);
  return document.querySelector(".answer").getBoundingClientRect().height;
})"""


@pytest.fixture
def answer(page: Page) -> Page:
    """A page with an empty answer."""
    styles = "".join(f"<style>{(ROOT / path).read_text()}</style>" for path in STYLES)
    page.set_content(f"<!doctype html>{styles}{BODY}")
    return page


def played(text: str, size: int, pause: float) -> list[tuple[str, str | None, str]]:
    """Return what changes while a text comes in pieces of this size, and at its end."""
    live = LiveMarkdown("live")
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    changes = [live.feed(piece, number * pause) for number, piece in enumerate(pieces)]
    return [(change.closed, change.tail, change.appended) for change in (*changes, live.finish())]


def test_a_growing_answer_never_becomes_shorter(answer: Page) -> None:
    clear = "for (const id of ['closed', 'tail']) document.getElementById(id).replaceChildren()"
    jumps = {}
    for name, text in SHAPES.items():
        for size, pause, width in ((1, 0.03, WIDE), (1, 0.3, NARROW), (5, 0.05, NARROW)):
            answer.set_viewport_size(width)
            answer.evaluate(clear)
            heights = answer.evaluate(PLAY, played(text, size, pause))
            falls = [(then, now) for then, now in pairwise(heights) if now < then - 0.5]
            if falls:
                jumps[name, size, pause] = falls
            assert answer.evaluate("document.getElementById('closed').innerHTML") == render(text), name
    assert jumps == {}
