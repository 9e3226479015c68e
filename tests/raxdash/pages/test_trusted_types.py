"""In the browser, no text becomes a script: of ours nothing needs it, and nobody else's is let."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Console, sign_in
from tests.installation import Installation
from tests.loading import at_rest
from tests.menus import choose

LISTEN = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, sourceFile, sample }) =>
    window.violations.push([violatedDirective, sourceFile, sample]));
"""
# Later, as a script of the page: what the test itself evaluates is let through.
TRY = """(text) => new Promise((resolve) => setTimeout(() => {
  try { resolve(String(%s)); } catch (error) { resolve(error.name); }
}))"""


@pytest.fixture
def watched(page: Page, live_raxdash: Installation) -> Page:
    """Alice's page, which notes what its policy refuses."""
    page.add_init_script(LISTEN)
    sign_in(page, live_raxdash)
    return page


def violations(page: Page) -> Any:
    """What was refused so far, told in tasks of the page that this one comes after."""
    return page.evaluate("new Promise((told) => setTimeout(() => told(window.violations)))")


def test_an_answer_with_markdown_streams_without_a_refusal(watched: Page, live_raxdash: Installation) -> None:
    watched.goto(f"{live_raxdash.url}/t/acme/playground/")
    watched.get_by_label("Model").fill("rax-4.0")
    watched.get_by_label("Message").fill("Write a table and a list, and a little code, please.")
    watched.get_by_role("button", name="Run", exact=True).click()
    expect(watched.locator(".state-completed")).to_be_visible()
    expect(watched.locator(".answer li").first).to_be_visible()
    expect(watched.locator(".answer .code .k").first).to_be_visible()
    watched.locator(".code-copy").first.click()
    expect(watched.locator(".code-copy").first).to_have_text(re.compile("Copied|Not allowed"))
    assert violations(watched) == []


def test_a_chart_is_drawn_and_drawn_anew_without_a_refusal(watched: Page, live_raxdash: Installation) -> None:
    live_raxdash.manage("poll")
    watched.goto(f"{live_raxdash.url}/t/acme/usage/?period=24h")
    for period in ("7 days", "30 days"):
        choose(watched, "period-menu", period)
        expect(watched.locator("#period-menu > summary")).to_contain_text(period)
    assert violations(watched) == []


@pytest.mark.parametrize(
    "attempt",
    [
        "eval(text)",
        "new Function(text)()",
        "setTimeout(text)",
        "document.createElement('script').text = text",
    ],
)
def test_no_text_becomes_a_script(
    watched: Page, live_raxdash: Installation, console: Console, attempt: str
) -> None:
    watched.goto(f"{live_raxdash.url}/t/acme/keys/")
    assert watched.evaluate(TRY % f"({attempt})", "1") in {"TypeError", "EvalError"}
    assert violations(watched)
    console.clear()


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("/static/common/page.js", True),
        ("https://example.com/static/common/page.js", False),
        ("//example.com/static/x.js", False),
        ("/static/../t/acme/keys/", False),
        ("/t/acme/keys/", False),
        ("data:text/javascript,1", False),
        ("javascript:1", False),
    ],
)
def test_only_scripts_of_ours_are_loaded(
    watched: Page, live_raxdash: Installation, console: Console, address: str, is_ours: bool
) -> None:
    watched.goto(f"{live_raxdash.url}/t/acme/keys/")
    told = watched.evaluate(TRY % "document.createElement('script').src = text", address)
    assert (told != "TypeError") is is_ours
    console.clear()


def test_the_back_button_after_the_sign_out_leads_to_the_sign_in(
    watched: Page, live_raxdash: Installation
) -> None:
    live_raxdash.sessions.pop("alice@example.com")
    watched.goto(f"{live_raxdash.url}/t/acme/keys/")
    watched.goto(f"{live_raxdash.url}/t/acme/members/")
    watched.get_by_role("button", name="Sign out").click()
    watched.wait_for_url("**/accounts/login/")
    watched.go_back()
    watched.wait_for_url("**/accounts/login/?next=/t/acme/members/")
    expect(watched.get_by_label("Email")).to_be_visible()
    expect(watched.get_by_text("alice@example.com")).to_have_count(0)


def test_the_back_button_after_the_session_has_ended_leads_there_too(
    watched: Page, live_raxdash: Installation
) -> None:
    live_raxdash.manage("poll")
    watched.goto(f"{live_raxdash.url}/t/acme/usage/?period=24h")
    choose(watched, "period-menu", "7 days")
    watched.wait_for_url("**period=7d**")
    # What this page still asks for would lead to the sign-in by itself.
    at_rest(watched)
    watched.context.clear_cookies(name="sessionid")
    watched.go_back()
    watched.wait_for_url("**/accounts/login/?next=**period%3D24h**")
    expect(watched.get_by_label("Email")).to_be_visible()
