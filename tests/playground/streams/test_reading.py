"""Reading an answer while it is written, in a browser: whoever goes elsewhere stays there, and finds back."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import NARROW
from tests.installation import Installation, wait_until
from tests.loading import loads
from tests.playground.conftest import set_pace, steer
from tests.playground.editor.test_in_browser import LONG, ask, wait_for_more

AT_END = "document.documentElement.scrollHeight - innerHeight - scrollY < 4"
AT_REST = "new Promise((told) => { const top = scrollY; setTimeout(() => told(scrollY === top), 250); })"
# What a bar is dragged to, or a search finds, shows in this alone.
MOVE_UP = "window.scrollBy({ top: -400, behavior: 'instant' })"
FINGER = """for (const [kind, clientY] of [["touchstart", 300], ["touchmove", 340]]) {
  const touch = new Touch({ identifier: 1, target: document.body, clientY });
  document.body.dispatchEvent(new TouchEvent(kind, { touches: [touch], bubbles: true }));
}"""
WAYS: dict[str, Callable[[Page], object]] = {
    "wheel": lambda page: page.mouse.wheel(0, -300),
    "ArrowUp": lambda page: page.keyboard.press("ArrowUp"),
    "PageUp": lambda page: page.keyboard.press("PageUp"),
    "Home": lambda page: page.keyboard.press("Home"),
    "Shift and space": lambda page: page.keyboard.press("Shift+Space"),
    "scroll bar": lambda page: page.evaluate(MOVE_UP),
    "finger": lambda page: page.evaluate(f"{FINGER}; {MOVE_UP}"),
    "search": lambda page: page.evaluate(
        "getSelection().removeAllRanges(); window.find('Words', false, false, true)"
    ),
}


# A turn that grows without anybody who writes it.
TURN = """const turn = document.createElement("article");
turn.className = "turn";
turn.id = "run-growing";
turn.dataset.live = "";
document.getElementById("thread-a").append(turn);"""
GROW = """for (let number = 0; number < 30; number++) {
  const words = document.createElement("p");
  words.textContent = "Words ".repeat(60);
  document.getElementById("run-growing").append(words);
}"""
SELECT_TAIL = """() => {
  const last = document.querySelector(".answer-tail > :last-child");
  if (!last || last.textContent.trim().length < 40) return "";
  document.getSelection().selectAllChildren(last);
  return String(getSelection()).trim();
}"""


@pytest.fixture
def playground(alice: Page, live_raxdash: Installation) -> Page:
    """Alice's playground, empty."""
    alice.goto(f"{live_raxdash.url}/t/acme/playground/")
    return alice


def test_whoever_goes_elsewhere_stays_there_and_finds_back(playground: Page) -> None:
    page, to_end = playground, playground.get_by_role("button", name="To the end")
    page.mouse.move(500, 300)
    page.evaluate(TURN)
    page.evaluate(GROW)
    for way, go in WAYS.items():
        wait_until(lambda: page.evaluate(AT_END), "the page to go to its end")
        expect(to_end, way).to_be_hidden()
        page.evaluate("document.activeElement.blur()")
        go(page)
        expect(to_end, way).to_be_visible()
        page.evaluate(GROW)
        # A page goes smoothly where a key sends it.
        wait_until(lambda: page.evaluate(AT_REST), "the page to stand still")
        assert not page.evaluate(AT_END), way
        to_end.focus()
        page.keyboard.press("Enter")
        page.evaluate(GROW)


def test_a_page_that_is_gone_back_to_follows_too(playground: Page) -> None:
    page = playground
    # As the first run of a conversation does.
    page.evaluate("for (const name of ['replaceState', 'pushState']) history[name]({ htmx: true }, '')")
    page.evaluate("document.getElementById('thread-a').dataset.isOld = ''")
    with loads(page):
        page.go_back()
    expect(page.locator("#thread-a[data-is-old]")).to_have_count(0)
    expect(page.locator("[data-run][data-htmx-powered]")).to_be_attached()  # the last thing to come
    page.evaluate(TURN)
    page.evaluate(GROW)
    wait_until(lambda: page.evaluate(AT_END), "the page to go to its end")


@pytest.fixture
def long_answer(playground: Page, live_raxdash: Installation) -> Iterator[Page]:
    """An answer that is longer than the window, and goes on."""
    set_pace(live_raxdash, 80)
    playground.set_viewport_size({"width": NARROW["width"], "height": 500})
    ask(playground, LONG)
    wait_for_more(playground, 2_000)
    yield playground
    steer(live_raxdash, {})


def test_the_end_of_an_answer_takes_nothing_out_of_a_readers_hands(
    long_answer: Page, live_raxdash: Installation
) -> None:
    page = long_answer
    page.evaluate("document.querySelector('.answer').scrollIntoView({ behavior: 'instant' })")
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('.answer p'))")
    place, selected = page.evaluate("[scrollY, String(getSelection())]")
    assert len(selected) > 20
    box = page.get_by_role("button", name="To the end").bounding_box()
    dock = page.locator(".to-end").bounding_box()
    assert box
    assert dock
    assert dock["width"] >= NARROW["width"] * 0.8, "text shows beside the button"
    # As somebody else would: to press it here would move the page.
    page.get_by_role("button", name="Stop").evaluate("button => button.click()")
    expect(page.locator(".state-stopped")).to_be_visible()
    assert page.evaluate("[scrollY, String(getSelection())]") == [place, selected]
    page.get_by_role("button", name="To the end").click()
    wait_until(lambda: page.evaluate(AT_END), "the page to go to its end")
    expect(page.get_by_role("button", name="To the end")).to_be_hidden()


def test_who_is_at_the_end_stays_at_the_end_with_what_they_selected(long_answer: Page) -> None:
    page = long_answer
    # A block that is closed leaves the tail empty: looked at and selected at once, there is something in it.
    while not (selected := page.evaluate(SELECT_TAIL)):
        page.wait_for_timeout(20)
    page.get_by_role("button", name="Stop").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".state-stopped")).to_be_visible()
    wait_until(lambda: page.evaluate(AT_END), "the page to stay at its end")
    assert selected[:20] in page.evaluate("String(getSelection())")
    assert page.evaluate("document.activeElement.matches('[data-run]')")


# A part of an answer comes anew slowly, and another of the page meanwhile.
TWO_SWAPS = """() => {
  const swap = (target, text, swap) =>
    htmx.swap({ sourceElement: document.body, target: document.getElementById(target), text, swap });
  const slow = swap("words", "<p>Some words.</p>", "innerHTML swap:100ms");
  return Promise.all([slow, swap("aside", "", "innerHTML")]);
}"""


def test_a_selection_survives_two_swaps_at_once(playground: Page) -> None:
    page = playground
    page.evaluate(TURN)
    page.evaluate("""document.getElementById("run-growing").innerHTML =
        '<div class="answer"><div id="words"><p>Some words.</p></div></div><p id="aside"></p>'""")
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('#words p'))")
    page.evaluate(TWO_SWAPS)
    assert page.evaluate("String(getSelection()).trim()") == "Some words."
