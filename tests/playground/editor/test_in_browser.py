"""The playground in a real browser: run, reload, stop, go on; wide and narrow, by keyboard too."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import NARROW
from tests.conftest import Console
from tests.installation import PASSWORD, Installation, wait_until

# Answers take as long as they take; a machine under load takes longer.
expect.set_options(timeout=30_000)
LONG = "Tell me a very long story about half-lives. Write 1500 words."


@pytest.fixture
def playground(alice: Page, live_raxdash: Installation) -> Page:
    """Alice's playground, empty, without a draft of an earlier story."""
    live_raxdash.write("DELETE FROM playground_draft")
    alice.goto(f"{live_raxdash.url}/t/acme/playground/")
    return alice


def ask(page: Page, message: str) -> None:
    page.get_by_label("Model").fill("rax-4.0")
    page.get_by_label("Message").fill(message)
    page.get_by_role("button", name="Run", exact=True).click()


def open_parameters(page: Page) -> None:
    page.locator(".params > summary").click()


def answer_of(page: Page):
    return page.locator(".answer").last


def wait_for_more(page: Page, chars: int) -> str:
    """Wait until the last answer is longer than this, and return it."""
    expect(answer_of(page)).to_have_text(re.compile(f".{{{chars + 1},}}", re.DOTALL))
    return answer_of(page).inner_text()


def stop(page: Page) -> None:
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".state-stopped").last).to_be_visible()


def test_an_answer_streams_and_ends_with_its_numbers(playground: Page) -> None:
    ask(playground, "Write a little code, please.")
    wait_for_more(playground, 20)
    expect(playground.locator(".run-button")).to_be_focused()
    expect(playground.locator(".state-completed")).to_be_visible()
    expect(playground.get_by_role("button", name="Run", exact=True)).to_be_focused()
    numbers = playground.get_by_label("Figures")
    expect(numbers).to_contain_text(re.compile(r"\d+ tokens \(\d+ in, \d+ out\)"))
    expect(numbers).to_contain_text("first token")
    expect(numbers).to_contain_text("tokens/s")
    expect(numbers).to_contain_text("finished by itself")
    expect(answer_of(playground).locator(".code .k").first).to_be_visible()


def test_it_says_how_long_the_first_words_are_waited_for(playground: Page, context: BrowserContext) -> None:
    ask(playground, "[[fault:slow:4]] Write two words.")
    expect(playground.locator(".turn-state")).to_have_text(re.compile(r"^\s*Waiting, [1-9]\d* s$"))
    expect(playground.locator(".state-completed")).to_be_visible()
    ask(playground, "[[fault:stall-comments:0]] Write nothing.")
    alive = re.compile(r"^\s*The API keeps the connection alive, [1-9]\d* s$")
    expect(playground.locator(".turn-state")).to_have_text(alive)
    late = context.new_page()
    late.goto(playground.url)
    expect(late.locator(".turn-state")).to_have_text(alive)
    stop(playground)


def test_a_reload_shows_the_text_and_goes_on_and_a_second_tab_too(
    playground: Page, context: BrowserContext
) -> None:
    ask(playground, LONG)
    before = wait_for_more(playground, 200)
    playground.reload()
    wait_for_more(playground, len(before))
    second = context.new_page()
    second.goto(playground.url)
    wait_for_more(second, len(before) + 100)
    stop(playground)
    expect(second.locator(".state-stopped")).to_be_visible()
    expect(second.locator(".answer")).to_have_text(
        playground.locator(".answer").inner_text(), use_inner_text=True
    )


def test_an_answer_streams_whatever_script_comes_late(playground: Page) -> None:
    ask(playground, LONG)
    before = wait_for_more(playground, 50)
    playground.route(re.compile(r"\.js$"), come_late)
    playground.reload()
    wait_for_more(playground, len(before) + 400)
    stop(playground)


def come_late(route: Route) -> None:
    """Let every script but htmx itself take some time; one after the other, they are late by seconds."""
    if "/htmx." not in route.request.url:
        time.sleep(0.3)
    route.continue_()


def test_who_presses_run_before_the_scripts_are_there_sends_it_once(playground: Page) -> None:
    held: list[Route] = []
    playground.route(
        re.compile(r"/bundles/playground\..*js$"),
        lambda route: route.continue_() if held else held.append(route),
    )
    playground.reload(wait_until="commit")
    ask(playground, "Say hello at once.")
    expect(playground.locator(".turn-message .turn-text")).to_have_text("Say hello at once.")
    expect(playground.get_by_label("Message")).to_have_value("")


def test_what_streamed_looks_as_it_does_after_a_reload(playground: Page) -> None:
    ask(playground, "Write a table and a list, please.")
    expect(playground.locator(".state-completed")).to_be_visible()
    streamed = answer_of(playground).inner_html()
    playground.reload()
    assert answer_of(playground).inner_html().split() == streamed.split()


def test_the_conversation_goes_on_by_keyboard(playground: Page) -> None:
    ask(playground, "Say hello.")
    expect(playground.locator(".state-completed")).to_be_visible()
    message = playground.get_by_label("Message")
    expect(message).to_have_value("")
    message.fill("And again.")
    message.press("Control+Enter")
    expect(playground.locator(".turn")).to_have_count(2)
    expect(playground.locator(".state-completed")).to_have_count(2)
    # Its title is typed over at once.
    playground.locator("#rename summary").press("Enter")
    playground.keyboard.type("By keys alone")
    playground.keyboard.press("Enter")
    expect(playground.get_by_role("heading", level=1)).to_have_text("By keys alone")


def test_wrong_values_are_told_in_words_and_kept(playground: Page) -> None:
    open_parameters(playground)
    playground.get_by_label("Temperature").fill("3")
    ask(playground, "Say hello.")
    expect(playground.get_by_text("Temperature goes from 0 to 2.")).to_be_visible()
    expect(playground.get_by_label("Temperature")).to_be_focused()
    expect(playground.get_by_label("Message")).to_have_value("Say hello.")
    expect(playground.get_by_label("Temperature")).to_have_value("3")
    expect(playground.locator(".turn")).to_have_count(0)


def test_the_longest_message_of_any_script_is_taken(playground: Page) -> None:
    longest = "🙂\n" * 199_999 + "🙂🙂"
    open_parameters(playground)
    playground.get_by_label("Temperature").fill("3")
    playground.get_by_label("Message").evaluate("(field, text) => { field.value = text; }", longest)
    playground.get_by_label("Model").fill("rax-4.0")
    playground.get_by_role("button", name="Run", exact=True).click()
    expect(playground.get_by_text("Temperature goes from 0 to 2.")).to_be_visible()
    expect(playground.get_by_label("Message")).to_have_value(longest)


def test_what_is_too_large_is_told_above_the_page_and_kept(playground: Page, console: Console) -> None:
    longest = "半" * 400_000
    for label in ("Message", "System prompt"):
        playground.get_by_label(label).evaluate("(field, text) => { field.value = text; }", longest)
    playground.get_by_label("Model").fill("rax-4.0")
    playground.get_by_role("button", name="Run", exact=True).click()
    expect(playground.locator("#messages")).to_contain_text("That is too large.")
    expect(playground.get_by_label("Message")).to_have_value(longest)
    assert [line for line in console if "413" in line] == console
    console.clear()


def test_a_rate_limit_counts_down_and_then_lets_me_try_again(playground: Page) -> None:
    ask(playground, "[[fault:429]] Say hello.")
    again = playground.get_by_role("button", name="Run again")
    expect(again).to_be_disabled()
    expect(playground.get_by_text("Try again in")).to_be_visible()
    expect(again).to_be_enabled()


def test_it_follows_the_text_until_the_reader_scrolls_away(playground: Page) -> None:
    ask(playground, LONG)
    at_end = "document.documentElement.scrollHeight - innerHeight - scrollY < 4"
    wait_for_more(playground, 3_000)
    wait_until(lambda: playground.evaluate(at_end), "the page to follow")
    playground.mouse.move(500, 300)
    playground.mouse.wheel(0, -600)
    before = answer_of(playground).inner_text()
    wait_for_more(playground, len(before) + 300)
    assert not playground.evaluate(at_end)
    stop(playground)


def test_it_fits_a_telephone(playground: Page) -> None:
    playground.set_viewport_size(NARROW)
    ask(playground, "Write a table and a little code, please.")
    expect(playground.locator(".state-completed")).to_be_visible()
    assert playground.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    expect(playground.get_by_label("Temperature")).to_be_hidden()
    playground.locator(".fold > summary").click()
    open_parameters(playground)
    expect(playground.get_by_label("Temperature")).to_be_visible()
    assert playground.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_the_history_leads_back_to_the_run(playground: Page) -> None:
    ask(playground, "Say hello to the history.")
    expect(playground.locator(".state-completed")).to_be_visible()
    playground.get_by_role("link", name="History", exact=True).click()
    playground.get_by_role("link", name="Say hello to the history.").first.click()
    expect(playground.get_by_role("heading", name="What was sent")).to_be_visible()
    expect(answer_of(playground)).not_to_be_empty()
    # What is begun from it is a draft of its own: a reload shows what was typed, not the run once more.
    playground.get_by_role("link", name="Start from this").click()
    message = playground.get_by_label("Message")
    message.fill("Say goodbye to it.")
    expect(playground.locator("[data-draft-state]")).to_have_text(re.compile("^Saved"))
    playground.reload()
    expect(message).to_have_value("Say goodbye to it.")


def test_an_ended_session_leads_to_the_sign_in_and_back(playground: Page, context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")
    ask(playground, "Say hello.")
    playground.wait_for_url("**/accounts/login/?next=**")
    playground.get_by_label("Email").fill("alice@example.com")
    playground.get_by_label("Password").fill(PASSWORD)
    playground.get_by_role("button", name="Sign in").click()
    playground.wait_for_url("**/t/acme/playground/")
