"""Messages before the next one in a real browser: by buttons and keys, sent with it, given back."""

from playwright.sync_api import Locator, Page, expect

from tests.installation import wait_until
from tests.loading import loads

expect.set_options(timeout=30_000)


def typed(page: Page) -> list[str]:
    return [box.input_value() for box in page.locator("[data-message]:visible textarea").all()]


def roles(page: Page) -> list[str]:
    return [box.input_value() for box in page.locator("[data-message]:visible select").all()]


def earlier(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Earlier message {number}")


def test_messages_are_typed_before_the_next_one(playground: Page) -> None:
    page, box = playground, playground.get_by_label("Message", exact=True)
    for number, text in enumerate(("One", "Two", "Three"), start=1):
        page.get_by_role("button", name="Add message").click()
        expect(earlier(page, number)).to_be_focused()
        page.keyboard.type(text)
    assert roles(page) == ["user", "assistant", "user"]
    page.keyboard.press("Alt+ArrowUp")
    assert typed(page) == ["One", "Three", "Two"]
    expect(earlier(page, 2)).to_be_focused()
    page.get_by_role("button", name="Duplicate").first.click()
    page.get_by_role("button", name="Move down").first.click()
    page.get_by_role("button", name="Delete").nth(2).click()
    assert (typed(page), roles(page)) == (["One", "One", "Two"], ["user", "user", "assistant"])
    # A column has them too; what is linked changes with them.
    with loads(page):
        page.get_by_role("button", name="Add column").click()
    second = page.get_by_role("region", name="Column B")
    expect(second.get_by_label("Earlier message 2")).to_have_value("One")
    second.get_by_label("Earlier message 2").fill("Two")
    expect(page.get_by_role("region", name="Column A").get_by_label("Earlier message 2")).to_have_value("Two")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved")
    second.locator(".menu > summary").click()
    with loads(page):
        second.get_by_role("button", name="Remove column").click()
    expect(second).to_have_count(0)
    expect(earlier(page, 2)).to_have_value("Two")
    # What is refused comes back; what is sent goes, and stands in the turn.
    box.press("Control+Enter")
    expect(page.get_by_text("Write a message first.")).to_be_visible()
    wait_until(lambda: typed(page) == ["One", "Two", "Two"], "the messages to come back")
    box.fill("Four")
    box.press("Control+Enter")
    expect(page.locator(".typed-before .turn-text")).to_have_text(["One", "Two", "Two"])
    assert typed(page) == []
    expect(page.locator(".ending-whole")).to_be_visible()
    page.get_by_role("link", name="Use as message").click()
    answer = page.locator("template[data-source]").evaluate("source => source.content.textContent")
    expect(box).to_have_value(answer)
    # The messages of a turn are edited with it.
    page.get_by_role("link", name="Edit").click()
    assert typed(page) == ["One", "Two", "Two"]
    page.locator("[data-turn-edit]").get_by_role("button", name="Delete").first.click()
    page.get_by_label("Edited message").press("Control+Enter")
    expect(page.locator(".typed-before .turn-text")).to_have_text(["Two", "Two"])
    expect(box).to_have_value(answer)
