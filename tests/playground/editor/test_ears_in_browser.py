"""The playground by keys alone, by ears alone, and without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.conftest import sign_in
from tests.installation import Installation

expect.set_options(timeout=30_000)
LONG = "Tell me a very long story about half-lives. Write 1500 words."
# What screen readers are told, as it is put there.
RECORD = """
  window.heard = [];
  const regions = "[role=status], [role=alert], [aria-live]:not([aria-live=off])";
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const region = element?.closest(regions);
      if (region && region.textContent.trim()) window.heard.push(region.textContent.trim());
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
"""
# Whatever can be pressed or typed into; and what has the focus, and whether that is seen.
CONTROLS = """
  [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")]
    .filter((one) => one.checkVisibility() && !one.disabled && one.type !== "hidden")
    .map((one, place) => (one.dataset.at = String(place)))
"""
FOCUSED = """() => {
  const one = document.activeElement;
  const isSeen = [one, one.closest(".pick"), one.closest(".composer-box")].filter(Boolean).some((box) => {
    const { outlineStyle, boxShadow } = getComputedStyle(box);
    return outlineStyle !== "none" || boxShadow !== "none";
  });
  return [one.dataset.at ?? one.tagName, isSeen];
}"""


def nodes(session: CDPSession) -> list[dict[str, Any]]:
    """What assistive technology sees of a page."""
    session.send("Accessibility.enable")
    found: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in found if not node.get("ignored")]


def markup(session: CDPSession, node: dict[str, Any]) -> str:
    """Return the element that a node stands for."""
    found: str = session.send("DOM.getOuterHTML", {"backendNodeId": node["backendDOMNodeId"]})["outerHTML"]
    return found


def live(node: dict[str, Any]) -> bool:
    """Tell whether what changes in a node is read out."""
    said = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
    return said.get("live", "off") not in {"off", None, ""}


def role(node: dict[str, Any]) -> str:
    return str(node["role"]["value"])


def named(node: dict[str, Any]) -> tuple[str, str]:
    return role(node), str(node.get("name", {}).get("value", ""))


def test_ears_hear_the_beginning_the_end_and_errors_alone(playground: Page, context: BrowserContext) -> None:
    playground.evaluate(RECORD)
    message = playground.get_by_label("Message")
    message.fill("Write a table and a little code, please.")
    message.press("Control+Enter")
    expect(playground.locator(".state-completed")).to_be_visible()
    expect(playground.locator("#spoken")).to_contain_text("has ended")
    heard = list(dict.fromkeys(playground.evaluate("window.heard")))
    assert heard[0] == "The answer is being written."
    assert re.match(r"The answer has ended: Completed, \d+ tokens", heard[1])
    assert len(heard) == 2
    message.fill("[[fault:500]] Say hello.")
    message.press("Control+Enter")
    expect(playground.locator("#spoken")).to_contain_text("The answer has ended: Failed")
    expect(playground.get_by_role("alert").filter(has_text="The API failed")).to_be_visible()
    message.fill(LONG)
    message.press("Control+Enter")
    expect(playground.locator(".answer").last).to_have_text(re.compile(".{400,}", re.DOTALL))
    session = context.new_cdp_session(playground)
    seen = nodes(session)
    spoken = [markup(session, node) for node in seen if live(node)]
    assert 'id="spoken"' in "".join(spoken)
    assert not [each for each in spoken if 'class="answer' in each or "half-li" in each]
    known = {named(node) for node in seen}
    for one in (("region", "Column A"), ("region", "Answer"), ("textbox", "Message"), ("button", "Stop")):
        assert one in known
    playground.keyboard.press("Escape")
    expect(playground.locator("#spoken")).to_contain_text("The answer has ended: Stopped")


def test_all_is_reached_by_keys_and_the_sheet_tells_them(playground: Page) -> None:
    playground.get_by_label("Message").fill("?")
    expect(playground.locator("[data-draft-state]")).to_have_text(re.compile("^Saved"))
    help_sheet = playground.get_by_role("dialog", name="Keys")
    playground.keyboard.press("?")
    expect(help_sheet).to_be_hidden()
    playground.get_by_role("button", name="Add column").click()
    playground.wait_for_url("**conversation=&conversation=**")
    playground.keyboard.press("Alt+Digit2")
    expect(playground.locator("[name=b-message]")).to_be_focused()
    playground.locator("main").focus()
    playground.keyboard.press("?")
    expect(help_sheet.get_by_role("button", name="Close")).to_be_focused()
    playground.keyboard.press("Escape")
    expect(help_sheet).to_be_hidden()
    expected = playground.evaluate(CONTROLS)
    reached: list[str] = []
    playground.locator(".skip-link").focus()
    while len(reached) < 150 and "BODY" not in reached:
        playground.keyboard.press("Tab")
        at, is_seen = playground.evaluate(FOCUSED)
        assert is_seen or at == "BODY", playground.evaluate("document.activeElement.outerHTML")
        reached.append(at)
    assert set(expected) - set(reached) == set()


@pytest.fixture
def plain(browser: Browser, live_raxdash: Installation) -> Page:
    """Alice's page in a browser without scripts."""
    live_raxdash.write("DELETE FROM playground_draftstate")
    live_raxdash.write("DELETE FROM playground_draft")
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_raxdash)
    page.goto(f"{live_raxdash.url}/t/acme/playground/")
    return page


def test_without_scripts_columns_run_and_are_read(plain: Page) -> None:
    plain.get_by_label("Message").fill("Say hello, plainly.")
    plain.get_by_label("Model").fill("rax-4.0")
    plain.get_by_role("button", name="Add column").click()
    expect(plain.get_by_label("Message")).to_have_count(2)
    expect(plain.get_by_label("Message").nth(1)).to_have_value("Say hello, plainly.")
    plain.get_by_role("button", name="Keys").click()
    expect(plain.get_by_role("dialog", name="Keys")).to_be_visible()
    plain.keyboard.press("Escape")
    plain.get_by_role("link", name="Earlier states").click()
    expect(plain.locator("dd", has_text="Say hello, plainly.")).to_have_count(2)
    plain.get_by_role("link", name="Go on writing").click()
    plain.get_by_role("button", name="Run all").click()
    expect(plain.locator(".turn")).to_have_count(2)
    while plain.locator(".state-completed").count() < 2:
        plain.wait_for_timeout(500)
        plain.reload()
    plain.get_by_role("link", name="History", exact=True).click()
    plain.get_by_role("link", name="Say hello, plainly.").first.click()
    expect(plain.get_by_role("region", name="Answer")).to_contain_text(re.compile(r"\w"))
    plain.context.close()
