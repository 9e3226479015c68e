"""What somebody types stays, whatever answers come: in a real browser, by keyboard and input method."""

from playwright.sync_api import BrowserContext, CDPSession, Page, Route, expect

from tests.browser import NARROW
from tests.conftest import Console
from tests.holding import hold, intercept
from tests.installation import PASSWORD, Installation
from tests.loading import loads

expect.set_options(timeout=30_000)


def open_parameters(page: Page) -> None:
    page.locator(".params > summary").click()


def press_run(page: Page) -> Route:
    """Press Run; return its request, which waits until it is told to go on."""
    request = hold(page, "**/start/")
    page.get_by_label("Message").press("Control+Enter")
    return request()


def compose(keyboard: CDPSession, text: str) -> None:
    """Let an input method propose a word."""
    keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})


def test_what_is_typed_while_a_run_starts_is_the_next_message(playground: Page) -> None:
    message, temperature = playground.get_by_label("Message"), playground.get_by_label("Temperature")
    message.fill("Say hello.")
    open_parameters(playground)
    request = press_run(playground)
    playground.keyboard.type("NEXT…", delay=30)
    temperature.fill("1e-1")
    request.continue_()
    expect(playground.locator(".turn-message .turn-text")).to_have_text("Say hello.")
    expect(temperature).to_be_focused()
    expect(playground.locator("[data-draft-state]")).to_contain_text("Saved")
    playground.reload()
    expect(message).to_have_value("NEXT…")
    expect(temperature).to_have_value("1e-1")
    open_parameters(playground)
    for label in ("Temperature", "Max tokens", "Model", "Stream"):
        playground.get_by_label(label).press("Enter")
    with loads(playground):
        playground.go_back()
    expect(message).to_have_value("NEXT…")
    with loads(playground):
        playground.go_forward()
    expect(playground.locator(".turn")).to_have_count(1)


def test_a_refused_message_comes_back_before_what_was_typed(playground: Page) -> None:
    message = playground.get_by_label("Message")
    open_parameters(playground)
    playground.get_by_label("Temperature").fill("1,000")
    message.fill("Refused.")
    request = press_run(playground)
    playground.keyboard.type("And then?")
    request.continue_()
    expect(playground.get_by_text("1,000 can be read in two ways")).to_be_visible()
    expect(message).to_have_value("Refused.\nAnd then?")
    expect(message).to_be_focused()
    expect(playground.get_by_label("Temperature")).to_have_attribute("aria-invalid", "true")


def test_a_message_whose_answer_was_lost_is_sent_once(playground: Page, console: Console) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    message = playground.get_by_label("Message")
    intercept(playground, "**/start/", lose)
    message.fill("Say hello.")
    message.press("Control+Enter")
    expect(message).to_have_value("Say hello.")
    playground.unroute("**/start/")
    message.press("Control+Enter")
    playground.wait_for_url("**?conversation=*")
    expect(playground.locator(".state-completed")).to_be_visible()
    expect(message).to_have_value("")
    expect(playground.locator(".turn")).to_have_count(1)
    console.clear()


def test_an_input_method_ends_its_word_and_sends_nothing(playground: Page, context: BrowserContext) -> None:
    message, keyboard = playground.get_by_label("Message"), context.new_cdp_session(playground)
    message.click()
    compose(keyboard, "に")
    playground.keyboard.press("Control+Enter")
    keyboard.send("Input.insertText", {"text": "日本"})
    expect(message).to_have_value("日本")
    expect(playground.locator(".turn")).to_have_count(0)
    request = press_run(playground)
    compose(keyboard, "に")
    request.continue_()
    expect(playground.locator(".turn-message .turn-text")).to_have_text("日本")
    compose(keyboard, "にほん")
    keyboard.send("Input.insertText", {"text": "日本語"})
    expect(message).to_have_value("日本語")


def test_what_was_typed_after_the_session_ended_survives_the_sign_in(
    playground: Page, context: BrowserContext, live_raxdash: Installation
) -> None:
    message = playground.get_by_label("Message")
    context.clear_cookies(name="sessionid")
    message.fill("Written too late.")
    expect(playground.get_by_text("Kept in this browser until you sign in again")).to_be_visible()
    playground.get_by_role("button", name="Run", exact=True).click()
    playground.wait_for_url("**/accounts/login/?next=**")
    playground.get_by_label("Email").fill("alice@example.com")
    playground.get_by_label("Password").fill(PASSWORD)
    playground.get_by_role("button", name="Sign in").click()
    expect(message).to_have_value("Written too late.")
    message.press("End")
    message.press_sequentially("!")
    playground.close(run_before_unload=False)
    live_raxdash.sessions.clear()  # the one that ended here
    second = context.new_page()
    second.goto(f"{live_raxdash.url}/t/acme/playground/")
    expect(second.get_by_label("Message")).to_have_value("Written too late.!")


def test_on_a_telephone_parameters_fold_away_and_move_nobody(playground: Page) -> None:
    playground.set_viewport_size(NARROW)
    open_parameters(playground)
    temperature = playground.get_by_label("Temperature")
    temperature.fill("0.2")
    expect(playground.locator(".params-line")).to_contain_text("temperature 0.2")
    playground.get_by_label("Stop sequences").fill("One\n\nTwo\n")
    playground.get_by_label("Extra fields").fill('{"seed": 7}')
    playground.get_by_label("Stream", exact=True).uncheck()
    for words in ("stop sequences 2", "extra fields set", "streaming off"):
        expect(playground.locator(".params-line")).to_contain_text(words)
    playground.get_by_label("Stop sequences").fill("")
    expect(playground.get_by_text("stop sequences 2")).to_be_hidden()
    playground.get_by_label("Message").fill("Write a table and a little code, please.")
    playground.get_by_role("button", name="Run", exact=True).click()
    expect(playground.locator(".state-completed")).to_be_visible()
    expect(temperature).to_be_hidden()
    playground.evaluate("window.scrollTo(0, 100)")
    before = playground.locator(".turn").bounding_box()
    playground.locator(".fold > summary").click()
    open_parameters(playground)
    expect(temperature).to_be_visible()
    assert playground.locator(".turn").bounding_box() == before


def test_copying_works_without_the_clipboard_of_secure_pages_or_says_that_it_failed(playground: Page) -> None:
    playground.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    playground.get_by_label("Message").fill("Say hello.")
    playground.reload()
    expect(playground.get_by_label("Message")).to_have_value("Say hello.")
    playground.get_by_role("button", name="Run", exact=True).click()
    copy = playground.locator("[data-copy-answer]")
    copy.click()
    expect(copy).to_have_text("Copied")
    # That is said until the next press, however long somebody looks.
    playground.keyboard.press("Shift")
    expect(copy).to_have_text("Copy")
    playground.evaluate("document.execCommand = () => false")
    copy.click()
    expect(copy).to_have_text("Not copied: press Ctrl+C")
    answer = playground.locator(".answer").inner_text()
    assert playground.evaluate("getSelection().toString().trim()") == answer.strip()
