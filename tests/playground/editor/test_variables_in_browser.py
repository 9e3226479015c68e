"""Variables in a real browser: fields come and go while one types, and marks lie under the words."""

from playwright.sync_api import Locator, Page, expect

from tests.browser import NARROW, WIDE
from tests.installation import wait_until

expect.set_options(timeout=30_000)
# Where a field and what lies behind it differ: in what makes lines, their height, how far they are scrolled.
APART = """(field) => {
  const behind = field.previousElementSibling;
  const styles = [field, behind].map(getComputedStyle);
  const names = ["font", "letterSpacing", "unicodeBidi", "whiteSpace", "overflowWrap", "textAlign"];
  const apart = (name) => styles[0][name] !== styles[1][name];
  const boxes = ["clientWidth", "clientHeight", "scrollHeight", "scrollTop"];
  return [...names.filter(apart), ...boxes.filter((name) => Math.abs(field[name] - behind[name]) > 1)];
}"""


PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def value(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def test_variables_are_typed_filled_in_and_kept(playground: Page) -> None:
    message = playground.get_by_label("Message", exact=True)
    message.press("Control+Enter")
    expect(playground.get_by_text("Write a message first.")).to_be_visible()
    message.press_sequentially("Reply to {{ticket}} in {{language}}, as {json}")
    expect(value(playground, "ticket")).to_be_visible()
    # Of what stood there before nothing is said any more.
    expect(playground.get_by_text("Write a message first.")).to_have_count(0)
    expect(message).not_to_have_attribute("aria-invalid", "true")
    expect(playground.locator(".backdrop mark")).to_have_text(["{{ticket}}", "{{language}}"])
    message.press("Control+Enter")
    expect(playground.get_by_text("“ticket” and “language” have no value.")).to_be_visible()
    expect(value(playground, "ticket")).to_be_focused()
    expect(value(playground, "ticket")).to_have_attribute("aria-invalid", "true")
    expect(message).to_have_value("Reply to {{ticket}} in {{language}}, as {json}")
    expect(playground.locator(".turn")).to_have_count(0)
    playground.keyboard.type("{{language}} creaks")
    value(playground, "language").fill("Polish")
    expect(playground.get_by_text("have no value.")).to_have_count(0)
    value(playground, "language").fill("")
    # It goes and comes back with its value, which a reload keeps too.
    message.fill("Nothing")
    expect(value(playground, "ticket")).to_have_count(0)
    message.fill(
        "{{language}}: {{ticket}} شكرا {{ticket}}\n" + "a long line of words " * 40 + "\n" * 30 + "{{اسم}}"
    )
    expect(value(playground, "ticket")).to_have_value("{{language}} creaks")
    expect(playground.locator("[data-draft-state]")).to_contain_text("Saved")
    playground.reload()
    expect(value(playground, "ticket")).to_have_value("{{language}} creaks")
    value(playground, "language").evaluate(PASTE, '{"language": ["Polish", 2], "none": 1}')
    expect(value(playground, "language")).to_have_value('[\n  "Polish",\n  2\n]')
    expect(playground.get_by_text("Values taken from what was pasted: language. No text,")).to_be_visible()
    playground.get_by_text("As JSON", exact=True).click()
    whole = playground.get_by_label("Values as JSON")
    whole.fill('{"language": 5, "اسم": "x", "ticket": "{{language}} creaks", "odd": "y"}')
    expect(value(playground, "language")).to_have_value("5")
    expect(playground.get_by_text("No text, sent as JSON: language. In no text: odd.")).to_be_visible()
    for size in (NARROW, WIDE):
        playground.set_viewport_size(size)
        message.evaluate("(field) => { field.scrollTop = 1e6; }")
        wait_until(
            lambda: message.evaluate(APART) == [],
            lambda: f"one text over the other: {message.evaluate(APART)}",
        )
    expect(playground.locator("[data-estimate]")).to_contain_text("tokens of 8,192")
    message.press("Control+Enter")
    expect(playground.locator(".turn-message .turn-text")).to_contain_text("5: {{language}} creaks شكرا")
    expect(message).to_have_value("")
    expect(value(playground, "ticket")).to_have_count(0)
