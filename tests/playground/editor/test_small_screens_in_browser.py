"""On a phone a conversation opens at its newest turn, with room for it: what is set folds into one line."""

from playwright.sync_api import Page, expect

from tests.browser import NARROW
from tests.installation import Installation
from tests.playground.visitor import Visitor

expect.set_options(timeout=30_000)
LONG = "[[say:" + "A long answer. " * 150 + "]]"


def a_conversation(live_raxdash: Installation) -> str:
    """Return one of Alice's with two turns, each higher than a window."""
    with Visitor(live_raxdash) as alice:
        first = alice.run(LONG)
        alice.wait_for_end(first)
        conversation = alice.conversation_of(first)
        alice.wait_for_end(alice.run(LONG, conversation=conversation))
        return conversation


def height(page: Page) -> float:
    box = page.locator(".dock").bounding_box()
    assert box
    return box["height"]


def test_it_opens_at_the_newest_turn_and_what_is_set_is_one_line(
    alice: Page, live_raxdash: Installation
) -> None:
    conversation = a_conversation(live_raxdash)
    live_raxdash.write("DELETE FROM playground_draft")
    alice.set_viewport_size(NARROW)
    alice.goto(f"{live_raxdash.url}/t/acme/playground/?conversation={conversation}")
    newest = alice.get_by_role("article", name="Turn 2")
    expect(newest.locator(".turn-answer .turn-head")).to_be_in_viewport()
    expect(alice.get_by_role("article", name="Turn 1").locator(".turn-foot")).not_to_be_in_viewport()
    line, system = alice.locator(".fold > summary"), alice.get_by_label("System prompt")
    expect(line).to_have_text("rax-4.0 · no parameters sent")
    expect(alice.get_by_role("button", name="Run", exact=True)).to_be_in_viewport(ratio=1)
    expect(system).to_be_hidden()
    assert height(alice) < 150
    line.click()
    system.fill("Be brief to {{whom}}.")
    line.click()
    expect(line).to_have_text("rax-4.0 · system prompt · whom: no value yet · no parameters sent")
    # What is wrong shows, however it is folded.
    alice.get_by_label("Message").fill("Hello")
    alice.get_by_role("button", name="Run", exact=True).click()
    expect(alice.get_by_label("whom")).to_be_focused()
    expect(system).to_be_visible()
    # Beside another column it does too, in a scroll of its own.
    alice.goto(f"{live_raxdash.url}/t/acme/playground/?conversation={conversation}&conversation=")
    expect(alice.locator("#column-a")).to_be_visible()
    expect(newest.locator(".turn-answer .turn-head")).to_be_in_viewport()
