"""Columns in a real browser: run and stopped alone and together, over one stream, by keyboard too."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import NARROW
from tests.installation import Installation, wait_until
from tests.loading import loads

expect.set_options(timeout=30_000)
# Counts what is changed beside the answers: with each piece of them, the whole page would be styled again.
WATCH = """() => {
  window.touched = 0;
  const watcher = new MutationObserver((changes) => { window.touched += changes.length; });
  for (const place of document.querySelectorAll("[data-theme-label], .to-end, .col-head, .differs, #dock"))
    watcher.observe(place, { attributes: true, childList: true, characterData: true, subtree: true });
}"""
LONG = "Tell me a very long story about half-lives. Write 1500 words."


@pytest.fixture
def playground(alice: Page, live_raxdash: Installation) -> Page:
    """Alice's playground with two columns."""
    live_raxdash.write("DELETE FROM playground_draft")
    alice.goto(f"{live_raxdash.url}/t/acme/playground/?conversation=")
    alice.get_by_label("Model").fill("rax-4.0")
    alice.get_by_label("Message").fill(LONG)
    with loads(alice):
        alice.get_by_role("button", name="Add column").click()
    expect(column(alice, "B").get_by_label("Message")).to_have_value(LONG)
    return alice


def column(page: Page, letter: str) -> Locator:
    return page.get_by_role("region", name=f"Column {letter}", exact=True)


def below(page: Page) -> Locator:
    """The next message of all columns."""
    return page.locator("#dock").get_by_label("Message", exact=True)


def answer(page: Page, letter: str) -> Locator:
    return column(page, letter).get_by_role("region", name="Answer").last


def wait_for_more(place: Locator, chars: int) -> str:
    expect(place).to_have_text(re.compile(f".{{{chars + 1},}}", re.DOTALL))
    return place.inner_text()


def test_columns_stream_together_and_stop_one_by_one(playground: Page) -> None:
    playground.get_by_role("button", name="Run all").click()
    wait_for_more(answer(playground, "A"), 200)
    playground.evaluate(WATCH)
    wait_for_more(answer(playground, "B"), 400)
    assert playground.evaluate("window.touched") < 5
    assert playground.locator("[hx-sse\\:connect]").count() == 1
    column(playground, "B").get_by_role("button", name="Stop").click()
    expect(column(playground, "B").locator(".state-stopped")).to_be_visible()
    expect(column(playground, "B").get_by_role("button", name="Run")).to_be_visible()
    before = answer(playground, "A").inner_text()
    wait_for_more(answer(playground, "A"), len(before) + 100)
    # A later run joins the stream, which goes on where it was.
    column(playground, "B").get_by_label("Message").fill(LONG)
    column(playground, "B").get_by_label("Message").press("Control+Shift+Enter")
    wait_for_more(answer(playground, "B"), 100)
    assert playground.locator("[hx-sse\\:connect]").count() == 1
    before = answer(playground, "A").inner_text()
    wait_for_more(answer(playground, "A"), len(before) + 100)
    playground.reload()
    wait_for_more(answer(playground, "A"), len(before) + 200)
    playground.keyboard.press("Escape")
    expect(playground.locator("[data-live]")).to_have_count(0)
    expect(playground.get_by_role("button", name="Run all")).to_be_visible()
    streamed = answer(playground, "A").locator(".answer").inner_text()
    playground.reload()
    assert answer(playground, "A").locator(".answer").inner_text() == streamed


def test_many_earlier_messages_leave_room_for_the_next(playground: Page) -> None:
    second = column(playground, "B")
    for number in range(1, 5):
        second.get_by_role("button", name="Add message").click()
        second.get_by_label(f"Earlier message {number}").fill("A line of it\n" * 12)
    expect(below(playground)).to_be_in_viewport(ratio=1)
    expect(second.get_by_role("button", name="Add message")).to_be_in_viewport(ratio=1)
    # The last one that is deleted leaves the cursor to the next message.
    for _ in range(4):
        second.get_by_role("button", name="Delete").first.click()
    expect(second.get_by_label("Message", exact=True)).to_be_focused()


def test_three_columns_have_one_message_at_the_foot_and_show_what_is_their_own(playground: Page) -> None:
    page = playground
    with loads(page):
        page.get_by_role("button", name="Add column").click()
    expect(below(page)).to_have_value(LONG)
    above = page.get_by_role("region", name="In all columns")
    above.get_by_label("System prompt").fill("Be brief.")
    expect(column(page, "C").get_by_label("System prompt")).to_have_value("Be brief.")
    second, own = column(page, "B"), column(page, "B").locator(".message")
    assert own.bounding_box()["height"] == 1
    # What is wrong with what is shown once is said once, too.
    below(page).fill("")
    below(page).press("Control+Enter")
    expect(page.get_by_text("Write a message first.").locator("visible=true")).to_have_count(1)
    below(page).fill("{{ticket}}")
    below(page).press("Control+Enter")
    expect(page.get_by_text("“ticket” has no value.").locator("visible=true")).to_have_count(1)
    expect(page.get_by_label("ticket", exact=True)).to_be_focused()
    # Who goes there sees it, and writes to all.
    page.keyboard.press("Alt+2")
    assert second.get_by_label("Message").bounding_box()["height"] > 20
    second.get_by_label("Message").fill("Say hello.")
    expect(below(page)).to_have_value("Say hello.")
    # A column that was refused keeps its message, and shows it.
    second.locator(".params > summary").click()
    second.get_by_label("Temperature").fill("9")
    below(page).press("Control+Enter")
    expect(second.get_by_text("Temperature goes from 0 to 2.")).to_be_visible()
    expect(below(page)).to_have_value("")
    expect(second.get_by_label("Message")).to_have_value("Say hello.")
    wait_until(lambda: own.bounding_box()["height"] > 20, "its own message to show")
    # On a tablet the title gives way: answers have the line.
    page.set_viewport_size({"width": 1024, "height": 768})
    title, add = page.get_by_role("heading", level=1), page.get_by_role("button", name="Add column")
    assert title.bounding_box()["y"] < add.bounding_box()["y"] + 10 < title.bounding_box()["y"] + 40


def swipe(page: Page, start: int, end: int) -> None:
    """Move a finger sideways over what is written in a column."""
    browser = page.context.new_cdp_session(page)
    for step in range(9):
        touch = {"x": start + (end - start) * step / 8, "y": 500}
        kind = "touchMove" if step else "touchStart"
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [touch]})
        page.wait_for_timeout(16)
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_what_is_refused_in_one_column_leaves_the_other(playground: Page) -> None:
    second = column(playground, "B")
    second.locator(".params > summary").click()
    second.get_by_label("Temperature").fill("9")
    expect(playground.locator("#differs")).to_contain_text("Temperature")
    below(playground).fill("Say hello.")
    expect(second.get_by_label("Message")).to_have_value("Say hello.")
    playground.keyboard.press("Control+Enter")
    expect(second.get_by_text("Temperature goes from 0 to 2.")).to_be_visible()
    expect(second.get_by_label("Message")).to_have_value("Say hello.")
    expect(below(playground)).to_have_value("")
    expect(column(playground, "A").locator(".state-completed")).to_be_visible()
    expect(second.locator(".turn")).to_have_count(0)
    playground.set_viewport_size(NARROW)
    assert playground.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    playground.get_by_role("navigation", name="Columns").get_by_role("link").last.click()
    # What was refused stays with its column; the message for all stands at the thumb, whichever is seen.
    expect(second.get_by_label("Message")).to_be_in_viewport()
    first = column(playground, "A").locator(".turn-answer")
    expect(first).not_to_be_in_viewport()
    expect(below(playground)).to_be_in_viewport(ratio=1)
    swipe(playground, 60, 340)
    expect(first).to_be_in_viewport()
    expect(below(playground)).to_be_in_viewport(ratio=1)
    swipe(playground, 340, 60)
    expect(second.get_by_label("Message")).to_be_in_viewport(ratio=1)
    playground.reload()
    expect(column(playground, "A").locator(".turn")).to_have_count(1)
    expect(second.get_by_label("Message")).to_have_value("Say hello.")
