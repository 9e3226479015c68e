"""The panel beside the form, in a real browser: what will be sent, as code, and something pasted."""

import json
import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import NARROW
from tests.conftest import Console
from tests.holding import hold
from tests.loading import loads

expect.set_options(timeout=30_000)
BODY = {"model": "rax-4.5", "messages": [{"role": "user", "content": "Just\npasted"}], "seed": 7}
SECRET = "-H 'Authorization: Bearer sk-1'"
CURL = "# As a guide has it\nsudo curl.exe"
COMMAND = f"{CURL} https://x.example/chat/completions {SECRET} --json '{json.dumps(BODY)}'"


def answered(page: Page, message: str) -> None:
    page.get_by_label("Message").fill(message)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".state-completed").last).to_be_visible()


def set_temperature(page: Page, typed: str) -> None:
    if not page.get_by_label("Temperature").is_visible():
        page.locator(".params > summary").click()
    page.get_by_label("Temperature").fill(typed)


def test_what_will_be_sent_follows_the_form_and_a_paste_fills_it(
    playground: Page, context: BrowserContext, console: Console
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    message, panel = playground.get_by_label("Message"), playground.locator("#code-panel")
    playground.get_by_role("button", name="Code", exact=True).click()
    expect(panel).to_contain_text("Write a message first.")
    # It stands beside the form, and covers nothing of it.
    playground.get_by_role("button", name="Run", exact=True).click(trial=True)
    message.fill("Hello there")
    expect(panel.locator("pre")).to_contain_text('"content": "Hello there"')
    # Whatever is answered last: what was pressed last is shown.
    request = hold(playground, re.compile("/preview/.*as=request"))
    message.fill("Hello you")
    late = request()
    panel.get_by_role("button", name="curl").click()
    expect(panel.locator("pre")).to_contain_text("--data-binary @- <<'EOF'")
    late.continue_()
    message.fill("Hello again")
    expect(panel.locator("pre")).to_contain_text('"content": "Hello again"')
    expect(panel.locator("pre")).to_contain_text("--data-binary @- <<'EOF'")
    expect(message).to_be_focused()
    panel.get_by_role("button", name="Copy").click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    assert "Hello again" in playground.evaluate("navigator.clipboard.readText()")
    panel.get_by_role("button", name="Close").press("Escape")
    expect(panel).to_be_hidden()
    expect(playground.get_by_role("button", name="Code", exact=True)).to_be_focused()
    message.focus()
    playground.evaluate("text => navigator.clipboard.writeText(text)", COMMAND)
    message.press("Control+v")
    expect(panel.get_by_text("The header Authorization was left out")).to_be_visible()
    # Its key is in no message, and so in no draft.
    expect(message).to_have_value("Hello again")
    panel.get_by_role("button", name="Fill the form").click()
    expect(message).to_have_value("Just\npasted")
    expect(playground.get_by_label("Model")).to_have_value("rax-4.5")
    expect(panel.locator("pre")).to_contain_text("pasted")
    expect(playground.locator(".turn")).to_have_count(0)
    expect(playground.get_by_text(re.compile("Saved"))).to_be_visible()
    playground.set_viewport_size(NARROW)
    assert playground.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_stored_answer_is_offered_and_an_old_one_is_stale(playground: Page, console: Console) -> None:
    set_temperature(playground, "0")
    answered(playground, "Say hello, for ever the same.")
    with loads(playground):
        playground.get_by_role("link", name="New conversation").click()
    expect(playground.locator(".turn")).to_have_count(0)
    playground.get_by_label("Model").fill("rax-4.0")
    set_temperature(playground, "0")
    message = playground.get_by_label("Message")
    message.fill("Say hello, for ever the same.")
    message.press("Control+Enter")
    expect(playground.get_by_text("The same request was answered before")).to_be_visible()
    expect(message).to_have_value("Say hello, for ever the same.")
    playground.get_by_role("button", name="Use it, at no cost").click()
    expect(playground.get_by_text("nothing was sent, and it cost nothing")).to_be_visible()
    expect(message).to_have_value("")
    expect(playground.get_by_text("The same request was answered before")).to_have_count(0)
    set_temperature(playground, "0.5")
    stale = playground.get_by_text("Stale: the prompt has changed since")
    expect(stale).to_be_visible()
    # An answer that comes late is of what was set then.
    request = hold(playground, "**/stale/", times=1)
    set_temperature(playground, "0")
    late = request()
    with playground.expect_response("**/stale/"):
        set_temperature(playground, "0.5")
    late.fulfill(json={"stale": []}, headers={"X-Answered-By": "raxdash"})
    playground.evaluate("new Promise((told) => setTimeout(told, 100))")
    expect(stale).to_be_visible()
    set_temperature(playground, "0")
    expect(stale).to_have_count(0)


def test_what_is_stale_in_columns_is_run_by_one_button_which_goes(playground: Page) -> None:
    with loads(playground):
        playground.goto(f"{playground.url.partition('?')[0]}?conversation=&conversation=")
    for model in playground.get_by_label("Model").all():
        model.fill("rax-4.0")
    playground.get_by_label("Message").last.fill("[[say:Hello.]]")
    playground.get_by_role("button", name="Run all").click()
    expect(playground.locator(".state-completed")).to_have_count(2)
    playground.get_by_label("System prompt").first.fill("Be kind.")
    marks, stale = (
        playground.locator("[data-stale-words]"),
        playground.get_by_role("button", name="Run stale"),
    )
    expect(marks).to_have_count(2)
    # What is asked while it is run again is of the answers before, and comes late.
    late = hold(playground, "**/stale/", times=1)
    playground.get_by_label("System prompt").first.fill("Be kind!")
    route = late()
    stale.press("Enter")
    expect(playground.get_by_text("2 of 2")).to_have_count(2)
    route.fulfill(json={"stale": ["a", "b"]}, headers={"X-Answered-By": "raxdash"})
    expect(playground.locator(".state-completed")).to_have_count(2)
    expect(marks).to_have_count(0)
    expect(stale).to_be_hidden()
    expect(playground.get_by_role("button", name="Run all")).to_be_focused()
