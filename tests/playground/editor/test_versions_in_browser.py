"""An earlier message is edited in a real browser: another version, the old one a press away, nothing lost."""

from playwright.sync_api import Locator, Page, expect

from tests.loading import loads

expect.set_options(timeout=30_000)


def messages(page: Page) -> Locator:
    return page.locator(".turn-message:visible .turn-text")


def answered(page: Page, turns: int) -> None:
    expect(page.locator(".turn-answer .ending-whole")).to_have_count(turns)


def test_an_edited_message_is_another_version(playground: Page) -> None:
    page, box = playground, playground.get_by_label("Message", exact=True)
    for turns, text in enumerate(("Name a colour.", "And another?"), start=1):
        box.fill(text)
        box.press("Control+Enter")
        answered(page, turns)
    box.fill("Half typed")
    # The editor stands in the place of the message, with all of it; Cancel leaves everything as it was.
    page.get_by_role("link", name="Edit").first.click()
    editor = page.get_by_label("Edited message")
    expect(editor).to_have_value("Name a colour.")
    expect(editor).to_be_focused()
    page.get_by_role("button", name="Cancel").click()
    expect(messages(page)).to_have_text(["Name a colour.", "And another?"])
    page.get_by_role("link", name="Edit").first.click()
    editor.fill("Name an animal.")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved")
    page.reload()
    expect(editor).to_have_value("Name an animal.")
    editor.press("Control+Enter")
    expect(messages(page)).to_have_text(["Name an animal."])
    expect(page.get_by_text("2 of 2")).to_be_visible()
    answered(page, 1)
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    expect(box).to_have_value("Half typed")
    # The end of the answer brings the turn anew, with the way to the other version.
    with loads(page):
        page.get_by_role("link", name="Previous version").click()
    expect(messages(page)).to_have_text(["Name a colour.", "And another?"])
    expect(page.get_by_text("1 of 2")).to_be_visible()
    expect(box).to_have_value("Half typed")
    expect(editor).to_have_count(0)
    page.reload()
    expect(messages(page)).to_have_text(["Name a colour.", "And another?"])
    with loads(page):
        page.get_by_role("link", name="Next version").click()
    expect(messages(page)).to_have_text(["Name an animal."])
    # What is older than what is set is asked again, as one more version.
    page.get_by_label("System prompt").fill("Be brief.")
    expect(page.get_by_text("Stale: the prompt has changed since")).to_be_visible()
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text("3 of 3")).to_be_visible()
    expect(page.get_by_text("Stale:")).to_have_count(0)
    answered(page, 1)
    expect(box).to_have_value("Half typed")
    # A value that is typed for it runs it, where no next message is written.
    box.fill("")
    page.get_by_role("link", name="Edit").first.click()
    editor.fill("Name {{what}}.")
    page.get_by_label("what", exact=True).fill("a town")
    page.get_by_label("what", exact=True).press("Control+Enter")
    expect(messages(page)).to_have_text(["Name a town."])
    expect(page.get_by_text("4 of 4")).to_be_visible()
