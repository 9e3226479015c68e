"""Menus fold out one at a time, and Escape, a press elsewhere and a choice fold them in again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import NARROW
from tests.installation import Installation

MENUS = """<details class="menu" id="first"><summary>First</summary>
  <div class="menu-pop"><a href="#chosen">Choose</a><input aria-label="Words"></div></details>
<details class="menu" id="second"><summary>Second</summary>
  <div class="menu-pop"><a href="#other">Other</a></div></details>
<button type="button">Elsewhere</button><p>Words</p>"""


@pytest.fixture
def menus(alice: Page, live_raxdash: Installation) -> Page:
    """A page with two menus."""
    alice.goto(f"{live_raxdash.url}/t/acme/models/")
    alice.evaluate(f"document.querySelector('#content').innerHTML = `{MENUS}`")
    return alice


def test_menus_close_and_the_focus_returns(menus: Page) -> None:
    first, second = menus.locator("#first"), menus.locator("#second")
    menus.get_by_text("First").click()
    menus.get_by_label("Words").press("Escape")
    expect(first).not_to_have_attribute("open", "")
    expect(menus.get_by_text("First")).to_be_focused()

    menus.keyboard.press("Enter")
    menus.get_by_text("Second").click()
    expect(first).not_to_have_attribute("open", "")
    expect(second).to_have_attribute("open", "")
    menus.locator("p", has_text="Words").click()
    expect(second).not_to_have_attribute("open", "")
    expect(menus.get_by_text("Second")).to_be_focused()

    menus.keyboard.press("Enter")
    menus.get_by_role("button", name="Elsewhere").focus()
    expect(second).not_to_have_attribute("open", "")
    expect(menus.get_by_role("button", name="Elsewhere")).to_be_focused()

    menus.get_by_text("First").click()
    menus.get_by_role("link", name="Choose").click()
    expect(first).not_to_have_attribute("open", "")
    expect(menus).to_have_url(re.compile("#chosen$"))


def test_the_menu_of_a_small_screen_closes_as_well(alice: Page, live_raxdash: Installation) -> None:
    alice.set_viewport_size(NARROW)
    alice.goto(f"{live_raxdash.url}/t/acme/models/")
    toggle, link = alice.get_by_role("button", name="Menu"), alice.get_by_role("link", name="Quota")
    expect(link).to_be_hidden()
    toggle.click()
    expect(link).to_be_visible()
    alice.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.click()
    alice.get_by_role("heading", level=1).click()
    expect(link).to_be_hidden()


def test_a_menu_to_type_into_takes_the_keys_that_follow_at_once(menus: Page) -> None:
    menus.evaluate("document.querySelector('#first input').dataset.begin = ''")
    opened = (
        "() => { document.querySelector('#first summary').click(); return document.activeElement.ariaLabel; }"
    )
    assert menus.evaluate(opened) == "Words"
    menus.keyboard.press("Escape")
    expect(menus.get_by_text("First")).to_be_focused()
