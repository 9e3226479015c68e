"""The first start, and the way of an invited person, as people see them."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import NARROW
from tests.conftest import Console
from tests.holding import hold
from tests.installation import PASSWORD, Installation

TEAM_PAGES = ("keys/", "keys/add/", "members/", "members/leave/", "settings/", "settings/delete/", "audit/")

# The field that has the focus once a part of the page that is asked for by itself has come.
REFRESHED = """new Promise((told) => {
  document.addEventListener("htmx:after:swap", () => told(document.activeElement.name), { once: true });
  htmx.trigger("#troubles", "every");
})"""


def fill_first_start(page: Page, key: str) -> None:
    page.get_by_label("Email").fill("alice@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Team name").fill("Acme")
    page.get_by_label("API key").fill(key)
    page.get_by_label("Plan").select_option(label="Pro")


def width(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def test_one_page_leads_to_the_playground(page: Page, fresh_raxdash: Installation) -> None:
    page.goto(fresh_raxdash.manage("address").stdout.strip())
    fill_first_start(page, "rax_demo_pro")
    page.get_by_role("button", name="Check the key and start").click()
    page.wait_for_url("**/t/acme/playground/")
    expect(page.get_by_role("link", name="Keys")).to_be_visible()
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert fresh_raxdash.rows("SELECT time_zone FROM teams_team") == [(zone,)]
    assert fresh_raxdash.manage("address").stdout.strip() == f"{fresh_raxdash.url}/"


def test_a_wrong_key_loses_nothing_and_the_simulator_needs_none(
    page: Page, fresh_raxdash: Installation, console: Console
) -> None:
    page.goto(fresh_raxdash.manage("address").stdout.strip())
    fill_first_start(page, "rax_wrong")
    page.get_by_role("button", name="Check the key and start").click()
    expect(page.get_by_text("The provider does not know this key.")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_value(PASSWORD)
    expect(page.get_by_label("API key")).to_be_focused()
    console.clear()  # Chromium reports every 422
    page.get_by_role("button", name="Use the local simulator").click()
    page.wait_for_url("**/t/acme/playground/")


def test_numbers_of_ones_own_are_asked_with_that_plan_only(page: Page, fresh_raxdash: Installation) -> None:
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    page.goto(fresh_raxdash.manage("address").stdout.strip())
    expect(page.get_by_label("Tokens a day")).to_be_hidden()
    page.get_by_label("Plan").select_option(label="Own numbers")
    expect(page.get_by_label("Tokens a day")).to_be_visible()
    assert width(page) == NARROW["width"]


def test_an_invited_person_joins_and_is_removed_at_once(
    alice: Page, browser: Browser, live_raxdash: Installation, console: Console
) -> None:
    team = f"{live_raxdash.url}/t/acme"
    alice.goto(f"{team}/members/")
    alice.get_by_role("button", name="Make a link").click()
    link = alice.get_by_label("Send this link").input_value()
    guest = browser.new_context().new_page()
    console.listen(guest)
    guest.goto(link)
    for label, value in {"Email": "nora@example.com", "Your name": "Nora", "Password": PASSWORD}.items():
        guest.get_by_label(label).fill(value)
    guest.get_by_role("button", name="Create account and join").click()
    guest.wait_for_url("**/t/acme/playground/")
    alice.goto(f"{team}/members/")
    alice.get_by_role("link", name="Remove Nora").click()
    alice.get_by_role("button", name="Remove from the team").click()
    expect(alice.get_by_text("Nora no longer belongs to the team.")).to_be_visible()
    assert guest.goto(f"{team}/keys/").status == 404
    console.clear()  # the 404 that was just asked for
    guest.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_team_overflows_a_phone(
    alice: Page, live_raxdash: Installation, scheme: Literal["light", "dark"]
) -> None:
    alice.set_viewport_size(NARROW)
    alice.emulate_media(color_scheme=scheme)
    for address in TEAM_PAGES:
        alice.goto(f"{live_raxdash.url}/t/acme/{address}")
        assert width(alice) == NARROW["width"], address
        assert alice.locator("h1").count() == 1, address


def test_what_is_typed_while_a_form_is_checked_stays_and_so_does_the_cursor(
    alice: Page, live_raxdash: Installation, console: Console
) -> None:
    alice.goto(f"{live_raxdash.url}/t/acme/keys/add/")
    name, key = alice.get_by_label("Key name"), alice.get_by_label("API key")
    name.fill("First")
    key.fill("rax_wrong")
    request = hold(alice, "**/keys/add/")
    alice.get_by_role("button", name="Check and add").click()
    name.fill("Second")
    alice.get_by_label("Plan").focus()
    request().continue_()
    expect(alice.get_by_text("The provider does not know this key.")).to_be_visible()
    expect(name).to_have_value("Second")
    expect(alice.get_by_label("Plan")).to_be_focused()
    # Nor does what the page asks for by itself lead anybody elsewhere.
    assert alice.evaluate(REFRESHED) == "plan"
    console.clear()  # Chromium reports every 422
