"""Nothing that was typed is lost: two windows, a server that is away, a closed browser, a sign-out."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import Console, sign_in
from tests.installation import Installation

expect.set_options(timeout=30_000)
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('raxdash:draft:')).length"


# As other pages of the same address may leave it.
FULL = """() => {
    for (const store of [localStorage, sessionStorage])
        for (let chars = 2 ** 22; chars >= 1; chars /= 2)
            try { while (true) store.setItem(Math.random(), "x".repeat(chars)); } catch {}
}"""


@pytest.fixture
def other(playground: Page, context: BrowserContext) -> Page:
    """A second window on the same page."""
    page = context.new_page()
    page.goto(playground.url)
    return page


def write(page: Page, words: str) -> None:
    page.get_by_label("Message").fill(words)


def saved(page: Page) -> None:
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile("^Saved"))


def message_of(page: Page):
    return expect(page.get_by_label("Message"))


def test_the_second_window_is_asked_and_both_go_on(playground: Page, other: Page) -> None:
    write(playground, "What is a half-life?")
    saved(playground)
    write(other, "What is a quarter?")
    clash = other.get_by_role("alert")
    expect(clash).to_contain_text("another window")
    expect(clash.locator("del").last).to_have_text("half-life?")
    expect(clash.locator("ins").last).to_have_text("quarter?")
    # Who goes on typing is not interrupted, and loses nothing.
    other.get_by_label("Message").press_sequentially(" Of a year?")
    clash.get_by_role("button", name="Keep both").click()
    saved(other)
    expect(clash).to_have_count(0)
    message_of(other).to_have_value("What is a quarter? Of a year?")
    write(playground, "What is a half-life of iron?")
    saved(playground)
    other.reload()
    message_of(other).to_have_value("What is a quarter? Of a year?")
    # And one can go back to what it was.
    write(other, "")
    saved(other)
    other.get_by_role("link", name="Earlier states").click()
    other.get_by_role("navigation", name="States").get_by_role("link").nth(1).click()
    expect(other.get_by_text("What is a quarter? Of a year?").last).to_be_visible()
    other.get_by_role("button", name="Go back to this").click()
    message_of(other).to_have_value("What is a quarter? Of a year?")


def test_what_is_typed_while_the_server_is_away_outlives_the_window(
    playground: Page, context: BrowserContext, live_raxdash: Installation, console: Console
) -> None:
    # Longer than what a page may send as it goes.
    long = "Written while nobody was there. " * 3_000
    context.route("**/draft/", lambda route: route.abort())
    playground.evaluate(FULL)
    write(playground, "Kept nowhere")
    expect(playground.get_by_text("Not saved, and this browser has no room for it")).to_be_visible()
    playground.evaluate("localStorage.clear(), sessionStorage.clear()")
    write(playground, long)
    expect(playground.get_by_text("Kept in this browser until the server is back")).to_be_visible()
    playground.close(run_before_unload=False)
    context.unroute("**/draft/")
    # Something newer was written elsewhere: neither takes the place of the other.
    page = context.new_page()
    page.goto(f"{live_raxdash.url}/t/acme/playground/")
    message_of(page).to_have_value(long)
    saved(page)
    assert page.evaluate(KEPT) == 0
    console.clear()  # of requests that nobody answered


def test_what_was_typed_last_is_saved_before_a_sign_out(playground: Page, live_raxdash: Installation) -> None:
    write(playground, "One word more")
    playground.get_by_role("button", name="Sign out").click()
    playground.wait_for_url("**/accounts/login/**")
    live_raxdash.sessions.clear()
    sign_in(playground, live_raxdash)
    playground.goto(f"{live_raxdash.url}/t/acme/playground/")
    message_of(playground).to_have_value("One word more")


def test_signing_out_leaves_nothing_in_the_browser(
    playground: Page, other: Page, context: BrowserContext, live_raxdash: Installation, console: Console
) -> None:
    context.route("**/draft/", lambda route: route.abort())
    for page in (playground, other):
        write(page, "Nobody else's business")
        expect(page.get_by_text("Kept in this browser")).to_be_visible()
    assert playground.evaluate(KEPT) == 2
    playground.get_by_role("button", name="Sign out").click()
    playground.wait_for_url("**/accounts/login/**")
    live_raxdash.sessions.clear()
    other.get_by_label("Message").press_sequentially(", still")
    other.wait_for_timeout(1_000)
    other.close()
    assert playground.evaluate(KEPT) == 0
    console.clear()
