"""Nothing on the page is lost to a line that is away, a proxy's pages, or a session that has ended."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.conftest import Console
from tests.holding import hold, intercept
from tests.installation import PASSWORD, Installation, wait_until
from tests.menus import choose
from tests.playground.editor.test_in_browser import LONG, ask, playground, wait_for_more

__all__ = ["playground"]
PROXY = "<h1>Bad gateway</h1><p>nginx</p>"
A_TURN = re.compile(r"/playground/runs/[0-9a-f-]+/$")
# What htmx does then.
GONE_BACK = """htmx.ajax("GET", location.pathname, {
  target: document.body, swap: "outerSync", request: { headers: { "HX-History-Restore-Request": "true" } },
})"""
KEPT = """() => {
  const { person } = document.body.dataset;
  const kept = { page: location.pathname, person, typed: [["id_name", "Kept"]] };
  sessionStorage.setItem("raxdash:owed", JSON.stringify(kept));
}"""
START = re.compile(r"/playground/start/$")


@pytest.fixture
def hushed(console: Console) -> Iterator[None]:
    """Let the browser complain about what the test breaks, and about nothing else."""
    yield
    expected = re.compile("Failed to load resource|htmx:error|htmx:sse:error|ERR_INTERNET_DISCONNECTED")
    console[:] = [line for line in console if not expected.search(line)]


def answering(status: int, times: int = 1_000):
    """Return a route on which somebody else answers, so often."""
    left = iter(range(times))

    def answer(route: Route) -> None:
        if next(left, None) is None:
            route.continue_()
        else:
            route.fulfill(status=status, content_type="text/html", body=PROXY)

    return answer


def notice(page: Page):
    return page.locator("#line")


@pytest.mark.usefixtures("hushed")
def test_a_turn_is_asked_for_until_it_is_known(playground: Page) -> None:
    intercept(playground, A_TURN, answering(502, times=2))
    ask(playground, "Say hello to the proxy.")
    expect(playground.locator(".state-completed")).to_be_visible()
    expect(playground).to_have_title(re.compile("Say hello to the proxy. · .*Acme"))
    expect(playground.locator(".turn-text", has_text="Say hello to the proxy.")).to_be_visible()
    assert "Bad gateway" not in playground.content()
    expect(notice(playground)).to_be_hidden()


@pytest.mark.usefixtures("hushed")
@pytest.mark.parametrize("status", [200, 404, 429, 502])
def test_what_others_answer_takes_no_place_on_the_page(playground: Page, status: int) -> None:
    intercept(playground, START, answering(status, times=1))
    ask(playground, "My precious words.")
    expect(notice(playground)).to_contain_text("Something on the way answered instead of raxdash")
    expect(playground.get_by_label("Message")).to_have_value("My precious words.")
    assert "Bad gateway" not in playground.content()
    playground.reload()
    expect(playground.get_by_label("Message")).to_have_value("My precious words.")


@pytest.mark.usefixtures("hushed")
def test_run_and_stop_say_that_one_is_offline(playground: Page, context: BrowserContext) -> None:
    ask(playground, LONG)
    wait_for_more(playground, 50)
    context.set_offline(True)
    playground.get_by_role("button", name="Stop").click()
    expect(playground.get_by_text("Stop could not be sent.")).to_be_visible()
    context.set_offline(False)
    expect(playground.locator(".state-stopped")).to_be_visible()
    context.set_offline(True)
    playground.get_by_label("Message").fill("And then?")
    playground.get_by_role("button", name="Run", exact=True).click()
    expect(notice(playground)).to_contain_text("You are offline. Nothing was sent.")
    expect(playground.get_by_label("Message")).to_have_value("And then?")
    context.set_offline(False)
    expect(notice(playground)).to_contain_text("raxdash can be reached again.")


@pytest.mark.usefixtures("hushed")
def test_who_waits_to_try_again_is_told_when_the_line_is_back(playground: Page) -> None:
    request = hold(playground, START)
    ask(playground, "And then?")
    expect(playground.locator("[data-draft-state]")).to_have_text("Sending …")
    request().abort()
    expect(notice(playground)).to_contain_text("raxdash cannot be reached. What you typed is kept")
    # As what a page asks by itself now and then.
    playground.evaluate("htmx.ajax('GET', location.href, { source: '#line', swap: 'none' })")
    expect(notice(playground)).to_contain_text("raxdash can be reached again.")


@pytest.mark.usefixtures("hushed")
def test_a_plain_form_stays_where_nobody_answers(
    alice: Page, context: BrowserContext, live_raxdash: Installation
) -> None:
    page = f"{live_raxdash.url}/teams/new/"
    alice.goto(page)
    alice.get_by_label("Name").fill("Typed offline")
    context.set_offline(True)
    alice.get_by_role("button", name="Create").click()
    expect(notice(alice)).to_contain_text("You are offline. Nothing was sent.")
    expect(alice.get_by_label("Name")).to_have_value("Typed offline")
    context.set_offline(False)
    context.clear_cookies(name="sessionid")
    alice.get_by_role("button", name="Create").click()
    sign_in_again(alice, "no password of hers")
    expect(alice.get_by_role("alert").filter(has_text="not correct")).to_be_visible()
    sign_in_again(alice)
    alice.wait_for_url(page)
    expect(alice.get_by_label("Name")).to_have_value("Typed offline")


def test_what_a_page_asks_for_by_itself_takes_nobody_away(
    alice: Page, context: BrowserContext, live_raxdash: Installation
) -> None:
    page = f"{live_raxdash.url}/t/acme/playground/"
    alice.goto(page)
    signed_out = alice.locator("#signed-out")
    # As where somebody goes back to a page.
    alice.evaluate(GONE_BACK)
    context.clear_cookies(name="sessionid")
    alice.evaluate("htmx.trigger('[data-gauge]', 'every')")
    expect(signed_out).to_contain_text("You are signed out.")
    assert alice.url == page
    alice.get_by_label("Message").fill("Written all the while.")
    signed_out.get_by_role("link").click()
    sign_in_again(alice)
    expect(alice.get_by_label("Message")).to_have_value("Written all the while.")
    expect(signed_out).to_be_hidden()


def test_who_types_before_the_scripts_are_there_goes_on(alice: Page, live_raxdash: Installation) -> None:
    alice.goto(f"{live_raxdash.url}/teams/new/")
    alice.evaluate(KEPT)
    alice.reload()
    expect(alice.get_by_label("Name")).to_have_value("Kept")
    alice.evaluate(KEPT)
    script = hold(alice, re.compile(r"/bundles/common\..*js$"), times=1)
    alice.reload(wait_until="commit")
    alice.get_by_label("Name").fill("Typed at once")
    script().continue_()
    wait_until(lambda: alice.evaluate("!sessionStorage.getItem('raxdash:owed')"), "the scripts")
    expect(alice.get_by_label("Name")).to_have_value("Typed at once")
    script = hold(alice, re.compile(r"/bundles/playground\..*js$"), times=1)
    alice.goto(f"{live_raxdash.url}/t/acme/playground/", wait_until="commit")
    alice.get_by_label("Message").fill("{{word}} at once")
    script().continue_()
    expect(alice.get_by_label("word", exact=True)).to_be_visible()
    expect(alice.locator("[data-draft-state]")).to_have_text(re.compile("^Saved"))


def sign_in_again(page: Page, password: str = PASSWORD) -> None:
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("Email").fill("alice@example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.usefixtures("hushed")
def test_other_pages_stay_as_they_were_too(
    alice: Page, context: BrowserContext, live_raxdash: Installation
) -> None:
    live_raxdash.manage("poll")
    alice.goto(f"{live_raxdash.url}/t/acme/usage/?period=24h")
    intercept(alice, re.compile("period=7d"), answering(502, times=1))
    choose(alice, "period-menu", "7 days")
    expect(notice(alice)).to_contain_text("Something on the way answered instead of raxdash (502).")
    expect(alice.locator("#period-menu > summary")).to_contain_text("24 hours")
    assert "Bad gateway" not in alice.content()
    choose(alice, "period-menu", "7 days")
    alice.wait_for_url("**period=7d**")
    expect(notice(alice)).to_be_hidden()
    context.set_offline(True)
    alice.go_back()
    expect(notice(alice)).to_contain_text("What you see is not the page of this address")
